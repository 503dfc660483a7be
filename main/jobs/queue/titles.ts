import type { JobKind, JobParameters } from '../kinds.ts';

const MODELS: Record<JobParameters<'train'>['model'], string> = {
  autoencoder: 'the autoencoder',
  flow: 'the flow, stage 1',
  finetune: 'the flow, stage 2',
  classifier: 'the patch classifier',
};

const EXPERIMENTS: Record<JobParameters<'evaluate'>['experiment'], string> = {
  reconstruction: 'reconstruction',
  realism: 'realism',
  downstream: 'what synthetic patches are worth in training',
};

type Titles = { [K in JobKind]: (parameters: JobParameters<K>) => string };
const TITLES: Titles = {
  demo: ({ minutes }) => `The whole method on the embedded data, ${minutes} min`,
  import: ({ purpose, site }) =>
    `Importing ${purpose === 'external' ? 'external scans' : 'scans'}${site === undefined ? '' : ` of ${site}`}`,
  annotate: () => 'Taking in annotations',
  patches: () => 'Taking patches',
  train: ({ model, run }) => (run === undefined ? `Training ${MODELS[model]}` : `Training ${MODELS[model]}, continued`),
  generate: ({ wanted }) =>
    `Generating ${wanted.reduce((sum, { count }) => sum + count, 0).toLocaleString('en-US')} patches`,
  evaluate: ({ experiment }) => `Evaluating ${EXPERIMENTS[experiment]}`,
  score: ({ volumes }) => (volumes === 'external' ? 'Scoring external volumes' : 'Scoring held-out volumes'),
  report: () => 'Writing the report',
  export: ({ items }) => `Exporting ${items.length === 1 ? '1 item' : `${items.length} items`}`,
};

/** What a job is called in lists: what it does, in the user's words. */
export function jobTitle<K extends JobKind>(kind: K, parameters: JobParameters<K>): string {
  return (TITLES[kind] as (parameters: JobParameters<K>) => string)(parameters);
}
