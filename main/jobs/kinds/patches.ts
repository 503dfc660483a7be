import { makePatches } from '../patches.ts';
import { counted } from './device.ts';
import type { JobRunner } from './runner.ts';

export const runPatches: JobRunner<'patches'> = async (study, { parameters }, context) => {
  const { set, splits, counts, withoutPatches } = await makePatches(study, parameters, context);
  const total = counts.train + counts.validation + counts.test;
  return {
    outcome: {
      summary: `${counted(total, 'patch', 'patches')} taken: ${counts.train} to train, ${counts.validation} to validate, ${counts.test} to test.`,
      items: [set.id],
      links: { patchSet: set.id },
      details: {
        counts,
        splits,
        withoutPatches: withoutPatches.map(({ volume, reason }) => ({ volume: volume.id, reason })),
      },
    },
  };
};
