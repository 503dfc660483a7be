// The jobs of a study. Its only door.
export { JobQueue } from './queue.ts';
export type { QueueOptions } from './queue.ts';
export { openForEngine } from './engine-lock.ts';
export type { EngineHolder, EngineStudy } from './engine-lock.ts';
export { systemSleepInhibitor } from './sleep.ts';
export type { SleepInhibitor } from './sleep.ts';
export type { JobError, JobOutcome, JobProgress, JobRecord, JobState, LogLine, QueueEvent } from './types.ts';
