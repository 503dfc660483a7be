import { router } from '../trpc.ts';
import { annotationsRouter } from './annotations.ts';
import { filesRouter } from './files.ts';
import { intakeRouter } from './intake.ts';
import { jobsRouter } from './jobs.ts';
import { labelsRouter } from './labels.ts';
import { patchSetsRouter } from './patch-sets.ts';
import { rulesRouter } from './rules.ts';
import { studyRouter } from './study.ts';
import { systemRouter } from './system.ts';
import { volumesRouter } from './volumes.ts';

/** Everything that can be asked of an engine under `/api`. */
export const appRouter = router({
  study: studyRouter,
  volumes: volumesRouter,
  intake: intakeRouter,
  annotations: annotationsRouter,
  labels: labelsRouter,
  rules: rulesRouter,
  patchSets: patchSetsRouter,
  jobs: jobsRouter,
  files: filesRouter,
  system: systemRouter,
});
export type AppRouter = typeof appRouter;
