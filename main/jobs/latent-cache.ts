import { join } from 'node:path';
import type { WorkContext } from '../domain/progress.ts';
import { readNpyAs, writeNpy } from '../formats/npy.ts';
import type { NpyData } from '../formats/npy.ts';
import type { Split } from '../domain/tissue.ts';
import type { Autoencoder } from '../models/trained.ts';
import type { Study } from '../study/index.ts';
import { standardisationOf } from '../training/latent-set.ts';
import { encodeDataset } from '../training/latents.ts';
import type { LatentSet } from '../training/latent-set.ts';
import { openModelPatches } from './patch-data.ts';
import type { StudyModel } from './trained-models.ts';

const SPLITS: readonly Split[] = ['train', 'validation', 'test'];

/**
 * The latents of one split of a patch set: encoded once for each autoencoder checkpoint, μ and σ kept in
 * `latents/<id>/<split>-mean.npy` and `-deviation.npy` with the whole-train standardisation beside them.
 */
export async function cachedLatents(
  study: Study,
  { model, checkpoint }: StudyModel<Autoencoder>,
  patchSet: string,
  split: Split,
  context: WorkContext,
): Promise<LatentSet> {
  const { patchSize, phaseReference } = model.description;
  const known = study.latents.find(checkpoint, patchSet);
  if (known === undefined) {
    await encodeAll(study, { model, checkpoint }, patchSet, context);
    return cachedLatents(study, { model, checkpoint, run: '' }, patchSet, split, context);
  }
  const patches = await openModelPatches(study, patchSet, split, patchSize);
  const { sequence, tissue, volume, count } = patches;
  patches.close();
  const mean = await readNpyAs(join(known.folder, `${split}-mean.npy`), 'float32');
  const deviation = await readNpyAs(join(known.folder, `${split}-deviation.npy`), 'float32');
  const [, size = 0, , channels = 0] = mean.shape;
  return {
    count,
    size,
    channels,
    phaseReference,
    mean: mean.data,
    deviation: deviation.data,
    sequence,
    tissue,
    volume,
  };
}

async function encodeAll(
  study: Study,
  { model, checkpoint }: Pick<StudyModel<Autoencoder>, 'model' | 'checkpoint'>,
  patchSet: string,
  context: WorkContext,
): Promise<void> {
  const encoded = new Map<Split, LatentSet>();
  for (const split of SPLITS) {
    const patches = await openModelPatches(study, patchSet, split, model.description.patchSize);
    try {
      encoded.set(split, await encodeDataset(model, patches, context));
    } finally {
      patches.close();
    }
  }
  const info = { standardisation: standardisationOf(encoded.get('train')!) };
  await study.latents.add({ checkpoint, patchSet, info, configuration: info }, async (folder) => {
    for (const [split, { count, size, channels, mean, deviation }] of encoded) {
      const shape = [count, size, size, channels];
      await writeNpy(join(folder, `${split}-mean.npy`), { shape, dtype: 'float32', data: mean as NpyData });
      await writeNpy(join(folder, `${split}-deviation.npy`), { shape, dtype: 'float32', data: deviation as NpyData });
    }
  });
}
