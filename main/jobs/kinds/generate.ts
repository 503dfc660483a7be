import { presetNamed } from '../../models/presets.ts';
import { generationSettings } from '../../synthesis/generate.ts';
import { generateJob, requestItems } from '../generate.ts';
import type { TrainingRequest } from '../run-training.ts';
import { loadFlow } from '../trained-models.ts';
import { counted, onDevice } from './device.ts';
import type { JobRunner } from './runner.ts';

export const runGenerate: JobRunner<'generate'> = async (study, { parameters }, context) => {
  const { run, wanted, method, steps, guidance, seed, backend } = parameters;
  const stage = run !== undefined && study.runs.get(run).kind === 'flow' ? 1 : 2;
  const work = await onDevice(backend, context);
  const flow = await loadFlow(study, stage === 1 ? 'flow' : 'finetune', run);
  const { sampling } = presetNamed((study.runs.get(flow.run).config as TrainingRequest).preset);
  const settings = generationSettings(sampling, stage, {
    ...(method === undefined ? {} : { method }),
    ...(steps === undefined ? {} : { steps }),
    ...(guidance === undefined ? {} : { guidance }),
  });
  const items = wanted.flatMap(({ sequence, label, count }) => requestItems(sequence, label, count, seed));
  const { set } = await generateJob(study, { run: flow.run, stage, settings, purpose: 'generate', items }, work);
  return {
    outcome: {
      summary: `${counted(items.length, 'patch', 'patches')} generated.`,
      items: [set.id],
      links: { synthetic: set.id },
      details: { ...settings, stage, count: items.length },
    },
  };
};
