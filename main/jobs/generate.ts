import { join } from 'node:path';
import { sequenceIndex } from '../domain/sequences.ts';
import type { Sequence } from '../domain/sequences.ts';
import { CONDITION_CLASSES } from '../domain/tissue.ts';
import type { ConditionClass } from '../domain/tissue.ts';
import { writeNpy } from '../formats/npy.ts';
import type { NpyData } from '../formats/npy.ts';
import type { Study, SyntheticItem, SyntheticSet } from '../study/index.ts';
import { generatePatches } from '../synthesis/generate.ts';
import type { GeneratedPatches, GenerationSettings } from '../synthesis/generate.ts';
import { planar } from '../patches/index.ts';
import type { TrainingRequest } from './run-training.ts';
import { loadAutoencoder, loadFlow } from './trained-models.ts';
import type { ModelWork } from './work.ts';

export interface GenerationRequest {
  /** A run that trained a flow; of the second stage unless the first is asked for. */
  run?: string;
  stage: 1 | 2;
  settings: GenerationSettings;
  purpose: string;
  items: readonly SyntheticItem[];
}

/** `count` patches of one kind, each with a seed of its own that begins with `seed`. */
export function requestItems(
  sequence: Sequence,
  condition: ConditionClass,
  count: number,
  seed: number | string,
): SyntheticItem[] {
  return Array.from({ length: count }, (_, i) => ({
    sequence,
    condition,
    seed: `${seed}:${sequence}:${condition}:${i}`,
  }));
}

/** Generates synthetic patches and keeps them: latents as the flow made them, patches `(n, 2, size, size)`. */
export async function generateJob(
  study: Study,
  request: GenerationRequest,
  work: ModelWork,
): Promise<{ set: SyntheticSet; generated: GeneratedPatches }> {
  const { items, settings, stage } = request;
  const flow = await loadFlow(study, stage === 2 ? 'finetune' : 'flow', request.run);
  const { autoencoder: used } = study.runs.get(flow.run).config as TrainingRequest;
  const autoencoder = await loadAutoencoder(study, used);
  const samples = items.map(({ sequence, condition, seed }) => ({
    sequence: sequenceIndex(sequence),
    tissue: CONDITION_CLASSES.indexOf(condition),
    seed,
  }));
  const generated = await generatePatches(flow.model, autoencoder.model, samples, settings, work);
  const { latents, latentSize, latentChannels, patches, patchSize } = generated;
  const set = await study.synthetic.add(
    {
      checkpoint: flow.checkpoint,
      purpose: request.purpose,
      info: { ...settings, stage },
      patches: items,
      inputs: [autoencoder.checkpoint],
      configuration: { ...settings, stage, count: items.length },
      ...work.on,
    },
    async (folder) => {
      const latentShape = [items.length, latentSize, latentSize, latentChannels];
      const patchShape = [items.length, 2, patchSize, patchSize];
      await writeNpy(join(folder, 'latents.npy'), { shape: latentShape, dtype: 'float32', data: latents as NpyData });
      const stored = planar(patches, patchSize) as NpyData;
      await writeNpy(join(folder, 'patches.npy'), { shape: patchShape, dtype: 'float32', data: stored });
    },
  );
  return { set, generated };
}
