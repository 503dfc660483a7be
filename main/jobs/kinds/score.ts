import { requirePatchSet } from '../patch-data.ts';
import { scoreJob } from '../score.ts';
import { counted, onDevice } from './device.ts';
import type { JobRunner } from './runner.ts';

export const runScore: JobRunner<'score'> = async (study, { parameters }, context) => {
  const { run, volumes, patchSet, backend } = parameters;
  const which = volumes === 'external' ? volumes : { testOf: requirePatchSet(study, patchSet).id };
  const work = await onDevice(backend, context);
  const outcome = await scoreJob(study, { volumes: which, ...(run === undefined ? {} : { run }) }, work);
  const { set, result, refused } = outcome;
  const rest = refused.length === 0 ? '' : `, ${refused.length} could not be`;
  return {
    outcome: {
      summary: `${counted(result.volumes.length, 'volume')} scored${rest}. Research use only.`,
      items: [set.id],
      links: { scores: set.id, run: outcome.run },
      details: { auroc: result.auroc, refused },
    },
  };
};
