import { presetNamed } from '../../models/presets.ts';
import type { Study } from '../../study/index.ts';
import { evaluateDownstreamJob } from '../evaluate-downstream.ts';
import { evaluateRealismJob } from '../evaluate-realism.ts';
import { evaluateReconstructionJob } from '../evaluate-reconstruction.ts';
import type { JobParameters } from '../kinds.ts';
import { requirePatchSet } from '../patch-data.ts';
import type { ModelWork } from '../work.ts';
import { onDevice } from './device.ts';
import type { JobRunner } from './runner.ts';

export const runEvaluate: JobRunner<'evaluate'> = async (study, { parameters }, context) => {
  const work = await onDevice(parameters.backend, context);
  const { id } = await experiment(study, parameters, work);
  return {
    outcome: {
      summary: `The ${parameters.experiment} experiment is done.`,
      items: [id],
      links: { experiment: id },
    },
  };
};

function experiment(study: Study, parameters: JobParameters<'evaluate'>, work: ModelWork): Promise<{ id: string }> {
  const { seed, testSets, run } = parameters;
  const preset = presetNamed(parameters.preset);
  const patchSet = requirePatchSet(study, parameters.patchSet).id;
  const seeds = Array.from({ length: parameters.seeds }, (_, i) => seed + i);
  const flow = run === undefined ? {} : { flow: run };
  switch (parameters.experiment) {
    case 'reconstruction':
      return evaluateReconstructionJob(study, { patchSet, ...(run === undefined ? {} : { autoencoder: run }) }, work);
    case 'realism': {
      const request = { patchSet, seeds, testSets, seed, classifiers: 'per-sequence' as const, ...flow };
      return evaluateRealismJob(study, preset, request, work);
    }
    case 'downstream':
      return evaluateDownstreamJob(study, preset, { patchSet, seeds, seed, ...flow }, work);
  }
}
