import type { WorkContext } from '../../domain/progress.ts';
import type { Study } from '../../study/index.ts';
import type { JobKind } from '../kinds.ts';
import type { JobResult, JobRunner, JobToRun } from './runner.ts';

/** Each is loaded when it is wanted: cutting patches needs no TensorFlow. */
const RUNNERS: { [K in JobKind]: () => Promise<JobRunner<K>> } = {
  demo: async () => (await import('./demo.ts')).runDemo,
  import: async () => (await import('./import.ts')).runImport,
  annotate: async () => (await import('./annotate.ts')).runAnnotate,
  patches: async () => (await import('./patches.ts')).runPatches,
  train: async () => (await import('./train.ts')).runTrain,
  generate: async () => (await import('./generate.ts')).runGenerate,
  evaluate: async () => (await import('./evaluate.ts')).runEvaluate,
  score: async () => (await import('./score.ts')).runScore,
  report: async () => (await import('./report.ts')).runReport,
  export: async () => (await import('./export.ts')).runExport,
};

/** Does a job in this process. */
export async function runJob(study: Study, job: JobToRun, context: WorkContext): Promise<JobResult> {
  const run = (await RUNNERS[job.kind]()) as JobRunner<JobKind>;
  return run(study, job, context);
}
