import { router } from '../trpc.ts';
import { studyRouter } from './study.ts';
import { systemRouter } from './system.ts';
import { volumesRouter } from './volumes.ts';

/** Everything that can be asked of an engine under `/api`. */
export const appRouter = router({
  study: studyRouter,
  volumes: volumesRouter,
  system: systemRouter,
});
export type AppRouter = typeof appRouter;
