import { Random } from '../../main/domain/random.ts';
import type { AutoencoderSettings, ClassifierSettings, FlowSettings } from '../../main/models/presets.ts';
import { patchesInMemory } from '../../main/training/dataset.ts';
import type { PatchDataset } from '../../main/training/dataset.ts';
import type { LatentSet } from '../../main/training/latent-set.ts';

export const BASE = {
  batchSize: 4,
  budget: { steps: 6 },
  learningRate: 5e-3,
  warmUpSteps: 2,
  schedule: 'cosine',
  weightDecay: 1e-3,
  clipNorm: 1,
  emaDecay: 0.99,
} as const;
export const AUTOENCODER: AutoencoderSettings = { ...BASE, gradientWeight: 0.5, klWeight: 1e-3, klWarmUp: 0.1 };
export const FLOW: FlowSettings = { ...BASE, timeDensity: { kind: 'uniform' }, conditionDropout: 0.1 };
export const CLASSIFIER: ClassifierSettings = { ...BASE, mixup: 0.2, augment: true };

/** Smooth complex blobs, one in each patch, whose place depends on the class: `size` × `size`. */
export function blobs(count: number, size: number): PatchDataset {
  const images = new Float32Array(count * size * size * 2);
  const tissue = Uint8Array.from({ length: count }, (_, n) => n % 2);
  const sequence = Uint8Array.from({ length: count }, (_, n) => n % 5);
  for (let n = 0; n < count; n++) {
    const random = Random.for('blob', n);
    const phase = random.uniform(-Math.PI, Math.PI);
    const width = size * (tissue[n] === 1 ? 0.12 : 0.3) * random.uniform(0.9, 1.1);
    for (let i = 0; i < size * size; i++) {
      const dy = Math.floor(i / size) - size / 2;
      const dx = (i % size) - size / 2;
      const magnitude = Math.exp(-(dx * dx + dy * dy) / (2 * width * width));
      images[2 * (n * size * size + i)] = magnitude * Math.cos(phase + 0.05 * dx);
      images[2 * (n * size * size + i) + 1] = magnitude * Math.sin(phase + 0.05 * dx);
    }
  }
  return patchesInMemory(images, size, { sequence, tissue, volume: Array.from(sequence, String) });
}

/** Latents whose mean is the given constant for each class: easy to learn, easy to check. */
export function classLatents(count: number, size: number, tissues: readonly number[] = [0, 1]): LatentSet {
  const channels = 2;
  const length = size * size * channels;
  const tissue = Uint8Array.from({ length: count }, (_, n) => tissues[n % tissues.length]!);
  const mean = Float32Array.from({ length: count * length }, (_, i) => (tissue[Math.floor(i / length)] === 1 ? 1 : -1));
  return {
    count,
    size,
    channels,
    phaseReference: 'volume',
    mean,
    deviation: new Float32Array(count * length).fill(0.1),
    sequence: Uint8Array.from({ length: count }, (_, n) => n % 5),
    tissue,
    volume: Array.from(tissue, String),
  };
}
