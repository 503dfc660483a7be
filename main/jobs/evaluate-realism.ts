import { SEQUENCES } from '../domain/sequences.ts';
import type { Item } from '../evaluation/classification-task.ts';
import { evaluateRealism } from '../evaluation/realism.ts';
import type { RealismDesign, RealismResult } from '../evaluation/realism.ts';
import type { Preset } from '../models/presets.ts';
import type { Experiment, Study, SyntheticItem } from '../study/index.ts';
import { generationSettings } from '../synthesis/generate.ts';
import { concatenatedInputs, latentInputs, syntheticLatentInputs } from '../training/classifier-inputs.ts';
import { experimentClassifiers } from './experiment-classifiers.ts';
import { realItems, syntheticItems } from './experiment-items.ts';
import { generateJob, requestItems } from './generate.ts';
import { cachedLatents } from './latent-cache.ts';
import type { TrainingRequest } from './run-training.ts';
import { loadAutoencoder, loadFlow } from './trained-models.ts';
import type { ModelWork } from './work.ts';

export interface RealismRequest {
  patchSet: string;
  /** The first-stage flow's run. */
  flow?: string;
  seeds: readonly number[];
  /** Synthetic test sets that every classifier is scored on. */
  testSets: number;
  classifiers: RealismDesign['classifiers'];
  /** At most this many synthetic patches of a sequence in each part; real ones are matched in number. Default: as many as real. */
  most?: number;
  seed: number;
}

/** Real against synthetic latents of the first stage at w = 1, per sequence, sizes matched (the method's Table 4). */
export async function evaluateRealismJob(
  study: Study,
  preset: Preset,
  request: RealismRequest,
  work: ModelWork,
): Promise<Experiment<RealismResult>> {
  const flow = await loadFlow(study, 'flow', request.flow);
  const { autoencoder: used } = study.runs.get(flow.run).config as TrainingRequest;
  const autoencoder = await loadAutoencoder(study, used);
  const { standardisation } = flow.model.description;
  const real = await Promise.all(
    (['train', 'validation', 'test'] as const).map((split) =>
      cachedLatents(study, autoencoder, request.patchSet, split, work),
    ),
  );
  const realPools = real.map((latents) => latentInputs(latents, standardisation));
  let firstKey = 0;
  const realParts = real.map((latents) => {
    const items = realItems(latents, firstKey);
    firstKey += latents.count;
    return items;
  });

  // As many synthetic patches of each sequence as there are real ones, in every part; the test part several times.
  const counterparts = (part: Item[], name: string): SyntheticItem[] =>
    SEQUENCES.flatMap((sequence) => {
      const real = part.filter((item) => item.sequence === sequence).length;
      const count = Math.min(real, request.most ?? real);
      return requestItems(sequence, 'unknown', count, `${request.seed}:realism:${name}`);
    });
  const wanted = [
    counterparts(realParts[0]!, 'training'),
    counterparts(realParts[1]!, 'validation'),
    ...Array.from({ length: request.testSets }, (_, k) => counterparts(realParts[2]!, `test ${k}`)),
  ];
  const settings = generationSettings(preset.sampling, 1);
  const generation = { run: flow.run, stage: 1 as const, settings, purpose: 'realism', items: wanted.flat() };
  const { set, generated } = await generateJob(study, generation, work);

  const synthetic: Item[][] = [];
  for (const part of wanted) {
    synthetic.push(syntheticItems(part, firstKey));
    firstKey += part.length;
  }
  const { latents, latentSize, latentChannels } = generated;
  const syntheticPool = syntheticLatentInputs(latents, {
    count: wanted.flat().length,
    size: latentSize,
    channels: latentChannels,
    phaseReference: flow.model.description.phaseReference,
  });
  const pool = concatenatedInputs([...realPools, syntheticPool]);
  const [training, validation, test] = realParts as [Item[], Item[], Item[]];
  const result = await evaluateRealism(
    {
      real: { training, validation, test },
      synthetic: { training: synthetic[0]!, validation: synthetic[1]!, tests: synthetic.slice(2) },
      seeds: request.seeds,
      classifiers: request.classifiers,
      designSeed: request.seed,
    },
    experimentClassifiers(preset.latentClassifier, pool),
    work,
  );
  const inputs = [request.patchSet, autoencoder.checkpoint, flow.checkpoint, set.id];
  return study.experiments.add({
    kind: 'realism',
    inputs,
    configuration: request,
    result,
    seed: request.seed,
    ...work.on,
  });
}
