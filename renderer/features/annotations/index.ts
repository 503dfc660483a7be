// Boxes and labels: their layer above a picture, their panel beside it, import and export.
export { default as AnnotationPanel } from './components/AnnotationPanel.vue';
export { default as BoxLayer } from './components/BoxLayer.vue';
export { useAnnotations } from './store.ts';
export { default as AnnotationImport } from './components/AnnotationImport.vue';
export { exportAnnotations } from './export.ts';
