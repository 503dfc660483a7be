import type { Feature } from '../../app/feature.ts';

/** The first screen: which study. */
export const start: Feature = {
  routes: [{ path: '/', name: 'start', component: () => import('./StartScreen.vue'), meta: { withoutStudy: true } }],
};
