export { renderReport } from './render.ts';
export type * from './report-data.ts';
export { reportTables } from './tables.ts';
