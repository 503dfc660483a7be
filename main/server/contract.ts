// The one contract between engine and window: types and nothing else. The window imports this file only.
export type { AppRouter } from './routers/index.ts';
export type { Settings, SettingsChange } from './settings.ts';
export type { JobError, JobOutcome, JobProgress, JobRecord, JobState, LogLine } from '../jobs/queue/types.ts';
export type * from './wire.ts';
export type * from './wire-annotations.ts';
