import type { ComplexImage } from '../domain/complex.ts';
import { SEQUENCES } from '../domain/sequences.ts';
import { compareImages, summariseReconstruction } from '../evaluation/reconstruction.ts';
import type { MeasuredPatch, ReconstructionSummary } from '../evaluation/reconstruction.ts';
import type { Experiment, Study } from '../study/index.ts';
import { reconstructPatches } from '../synthesis/decode.ts';
import type { PatchDataset } from '../training/dataset.ts';
import { openModelPatches } from './patch-data.ts';
import { loadAutoencoder } from './trained-models.ts';
import { volumePatches } from './volume-patches.ts';
import type { ModelWork } from './work.ts';

export interface ReconstructionResult {
  rows: ReconstructionSummary[];
}

/** Encodes and decodes the held-out test patches: γ, SSIM and PSNR per sequence (the method's reconstruction table). */
export async function evaluateReconstructionJob(
  study: Study,
  { patchSet, autoencoder: run }: { patchSet: string; autoencoder?: string },
  work: ModelWork,
): Promise<Experiment<ReconstructionResult>> {
  const autoencoder = await loadAutoencoder(study, run);
  const dataset = await openModelPatches(study, patchSet, 'test', autoencoder.model.description.patchSize);
  try {
    const decoded = await reconstructPatches(autoencoder.model, dataset, work);
    const result = { rows: summariseReconstruction(measurePatches(dataset, decoded)) };
    return study.experiments.add({
      kind: 'reconstruction',
      inputs: [patchSet, autoencoder.checkpoint],
      configuration: { split: 'test' },
      result,
      ...work.on,
    });
  } finally {
    dataset.close();
  }
}

/** The same for whole volumes of one site that no model was trained on, by the patches that they are scored by. */
export async function evaluateVolumesJob(
  study: Study,
  { site, autoencoder: run }: { site: string; autoencoder?: string },
  work: ModelWork,
): Promise<Experiment<ReconstructionResult>> {
  const autoencoder = await loadAutoencoder(study, run);
  const volumes = study.volumes
    .list({ purpose: 'external' })
    .filter((volume) => volume.site === site && volume.hasPhase);
  const measured: MeasuredPatch[] = [];
  for (const volume of volumes) {
    const dataset = await volumePatches(study, volume, autoencoder.model.description.patchSize);
    measured.push(...measurePatches(dataset, await reconstructPatches(autoencoder.model, dataset, work)));
  }
  return study.experiments.add({
    kind: 'reconstruction-external',
    inputs: [autoencoder.checkpoint, ...volumes.map(({ id }) => id)],
    configuration: { site },
    result: { rows: summariseReconstruction(measured) },
    ...work.on,
  });
}

/** γ, SSIM and PSNR of every patch against its decoded twin. */
export function measurePatches(dataset: PatchDataset, decoded: Float32Array): MeasuredPatch[] {
  return Array.from({ length: dataset.count }, (_, i) => ({
    ...compareImages(imageAt(decoded, i, dataset.size), imageAt(dataset.read([i]), 0, dataset.size)),
    sequence: SEQUENCES[dataset.sequence[i]!]!,
    volume: dataset.volume[i]!,
  }));
}

/** Patch `i` of `[n, size, size, 2]`. */
export function imageAt(images: Float32Array, i: number, size: number): ComplexImage {
  const length = 2 * size * size;
  return { rows: size, columns: size, data: images.subarray(i * length, (i + 1) * length) };
}
