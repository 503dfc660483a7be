import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { CLASS_TABLE } from '../../main/models/flow-unet.ts';
import { patchesInMemory } from '../../main/training/dataset.ts';
import { trainAutoencoder } from '../../main/training/autoencoder.ts';
import type { TrainingCheckpoint } from '../../main/training/checkpoint.ts';
import { latentInputs, patchInputs } from '../../main/training/classifier-inputs.ts';
import { predict, trainClassifier } from '../../main/training/classifier.ts';
import { finetuneFlow } from '../../main/training/finetune.ts';
import { trainFlow } from '../../main/training/flow.ts';
import { standardisationOf } from '../../main/training/latent-set.ts';
import { encodeDataset } from '../../main/training/latents.ts';
import type { TrainingHooks } from '../../main/training/loop.ts';
import { reconstructPatches } from '../../main/synthesis/decode.ts';
import { testBackend, TINY_CLASSIFIER, TINY_CVAE, TINY_FLOW } from '../models/tiny.ts';
import { AUTOENCODER, blobs, CLASSIFIER, classLatents, FLOW } from './fixtures.ts';

beforeAll(testBackend);

const steps = (n: number) => ({ budget: { steps: n } });

/** Runs a trainer whole, and again from its checkpoint half-way; both must end in the same weights. */
async function expectExactResume(
  run: (hooks: TrainingHooks) => Promise<{ parameters: unknown; ema: unknown }>,
  half: number,
): Promise<void> {
  const kept: TrainingCheckpoint[] = [];
  const whole = await run({ onCheckpoint: (c) => void kept.push(c), checkpointEvery: { steps: half } });
  const resumed = await run({ resume: kept.find((c) => c.state.step === half)! });
  expect(resumed.parameters).toEqual(whole.parameters);
  expect(resumed.ema).toEqual(whole.ema);
}

describe('the autoencoder’s training', () => {
  const dataset = blobs(4, 8);
  const base = { architecture: TINY_CVAE, phaseReference: 'patch', dataset, seed: 1 } as const;

  it('learns a tiny batch by heart', async () => {
    const settings = { ...AUTOENCODER, ...steps(300), learningRate: 1e-2, klWeight: 1e-4 };
    const { model, history } = await trainAutoencoder({ ...base, settings });
    expect(history.at(-1)!.loss).toBeLessThan(0.25 * history[0]!.loss);
    const images = dataset.read([0, 1, 2, 3]);
    const reconstructed = await reconstructPatches(model, dataset);
    // Phase coherence γ = |Σ conj(x̂)·x| / Σ |x̂||x|, in the patches' own phase.
    let [re, im, norm] = [0, 0, 0];
    for (let i = 0; i < images.length; i += 2) {
      const [a, b, c, d] = [images[i]!, images[i + 1]!, reconstructed[i]!, reconstructed[i + 1]!];
      re += a * c + b * d;
      im += a * d - b * c;
      norm += Math.hypot(a, b) * Math.hypot(c, d);
    }
    expect(Math.hypot(re, im) / norm).toBeGreaterThan(0.97);
    expect(Math.abs(Math.atan2(im, re))).toBeLessThan(0.1);
  });

  it('resumes exactly', async () => {
    await expectExactResume(
      (hooks) => trainAutoencoder({ ...base, settings: { ...AUTOENCODER, ...steps(8) } }, hooks),
      4,
    );
  });

  it('refuses an empty set, and patches that cannot be halved', async () => {
    const settings = AUTOENCODER;
    const none = patchesInMemory(new Float32Array(0), 8, {
      sequence: new Uint8Array(0),
      tissue: new Uint8Array(0),
      volume: [],
    });
    await expect(trainAutoencoder({ ...base, settings, dataset: none })).rejects.toMatchObject({
      code: 'no-training-items',
    });
    await expect(trainAutoencoder({ ...base, settings, dataset: blobs(2, 7) })).rejects.toMatchObject({
      code: 'patch-size',
    });
  });
});

describe('the flow’s training', () => {
  const latents = classLatents(8, 8);
  const base = { architecture: TINY_FLOW, latents, seed: 1 };

  it('lowers its loss, and keeps the standardisation of the whole set', async () => {
    const { history, description } = await trainFlow({ ...base, settings: { ...FLOW, ...steps(60), batchSize: 8 } });
    expect(history.at(-1)!.loss).toBeLessThan(1.6);
    expect(description.standardisation).toEqual(standardisationOf(latents));
    expect(description.standardisation.mean[0]).toBeCloseTo(0);
    expect(description.standardisation.deviation[0]).toBeCloseTo(Math.sqrt(1.01));
  });

  it('resumes exactly', async () => {
    await expectExactResume((hooks) => trainFlow({ ...base, settings: { ...FLOW, ...steps(6) } }, hooks), 3);
  });
});

describe('the flow’s fine-tuning', () => {
  const latents = classLatents(12, 8, [0, 1, 2]);
  const settings = { ...FLOW, ...steps(8), frozenShare: 0.5, pretrainedRate: 0.1 };

  it('leaves the pretrained parameters alone in phase A, and starts from their averages', async () => {
    const stage1 = await trainFlow({ architecture: TINY_FLOW, latents, settings: { ...FLOW, ...steps(4) }, seed: 1 });
    const kept: TrainingCheckpoint[] = [];
    const result = await finetuneFlow(
      { pretrained: stage1.model, latents, settings, seed: 2 },
      { onCheckpoint: (c) => void kept.push(c), checkpointEvery: { steps: 4 } },
    );
    const phaseA = kept[0]!;
    expect(phaseA.state).toMatchObject({ step: 4, phase: 0 });
    for (const [name, { data }] of stage1.ema) expect(phaseA.network.get(name)!.data, name).toEqual(data);
    expect(phaseA.network.get(CLASS_TABLE)!.data.some((v) => v !== 0)).toBe(true);
    const moved = [...stage1.ema].filter(([name, { data }]) =>
      result.parameters.get(name)!.data.some((v, i) => v !== data[i]),
    );
    expect(moved.length).toBe(stage1.ema.size);
    expect(result.description.stage).toBe(2);
  });

  it('resumes exactly across the change of phase', async () => {
    const stage1 = await trainFlow({ architecture: TINY_FLOW, latents, settings: { ...FLOW, ...steps(1) }, seed: 1 });
    await expectExactResume(
      (hooks) => finetuneFlow({ pretrained: stage1.model, latents, settings, seed: 2 }, hooks),
      2,
    );
  });

  it('refuses latents without labels', async () => {
    const stage1 = await trainFlow({ architecture: TINY_FLOW, latents, settings: { ...FLOW, ...steps(1) }, seed: 1 });
    const unlabeled = classLatents(6, 8, [2]);
    const run = finetuneFlow({ pretrained: stage1.model, latents: unlabeled, settings, seed: 2 });
    await expect(run).rejects.toMatchObject({ code: 'no-training-items' });
  });
});

describe('the classifier’s training', () => {
  it('tells two classes of patches apart', async () => {
    const dataset = blobs(24, 12);
    const inputs = patchInputs(dataset, 'patch');
    const settings = { ...CLASSIFIER, ...steps(80), batchSize: 8, learningRate: 1e-2 };
    const { model } = await trainClassifier({
      architecture: TINY_CLASSIFIER,
      settings,
      inputs,
      labels: dataset.tissue,
      seed: 1,
    });
    const probabilities = await predict(model, inputs);
    const mean = (label: number): number => {
      const chosen = [...probabilities].filter((_, i) => dataset.tissue[i] === label);
      return chosen.reduce((a, b) => a + b, 0) / chosen.length;
    };
    expect(mean(1)).toBeGreaterThan(mean(0) + 0.4);
  });

  it('takes latents and magnitudes as well, and refuses inputs of another kind than it knows', async () => {
    const latents = classLatents(8, 8);
    const inputs = latentInputs(latents, standardisationOf(latents));
    const settings = { ...CLASSIFIER, ...steps(3), augment: false };
    const common = { architecture: TINY_CLASSIFIER, settings, seed: 1 };
    const { model } = await trainClassifier({ ...common, inputs, labels: latents.tissue });
    expect(await predict(model, inputs)).toHaveLength(8);
    const magnitudes = patchInputs(blobs(8, 8), 'volume', 'magnitude');
    await expect(predict(model, magnitudes)).rejects.toMatchObject({ code: 'classifier-input' });
    const other = await trainClassifier({ ...common, inputs: magnitudes, labels: latents.tissue });
    expect(other.description.architecture.inputChannels).toBe(1);
  });

  it('resumes exactly, augmentation and mixup included', async () => {
    const dataset = blobs(8, 8);
    const inputs = patchInputs(dataset, 'volume');
    const settings = { ...CLASSIFIER, ...steps(6) };
    const input = { architecture: TINY_CLASSIFIER, settings, inputs, labels: dataset.tissue, seed: 1 };
    await expectExactResume((hooks) => trainClassifier(input, hooks), 3);
  });

  it('refuses a single class', async () => {
    const inputs = patchInputs(blobs(4, 8), 'volume');
    const run = trainClassifier({
      architecture: TINY_CLASSIFIER,
      settings: CLASSIFIER,
      inputs,
      labels: [1, 1, 1, 1],
      seed: 1,
    });
    await expect(run).rejects.toMatchObject({ code: 'classifier-labels' });
  });
});

describe('encoding a data set', () => {
  it('gives every patch the same latents in whatever company', async () => {
    const dataset = blobs(70, 8);
    const { model } = await trainAutoencoder({
      architecture: TINY_CVAE,
      phaseReference: 'volume',
      dataset,
      settings: AUTOENCODER,
      seed: 1,
    });
    const before = tf.memory().numTensors;
    const all = await encodeDataset(model, dataset);
    expect(tf.memory().numTensors).toBe(before);
    expect(all.size).toBe(4);
    expect(all.deviation.every((sigma) => sigma > 0)).toBe(true);
    const alone = patchesInMemory(dataset.read([69]), 8, {
      sequence: dataset.sequence.slice(69),
      tissue: dataset.tissue.slice(69),
      volume: ['x'],
    });
    const one = await encodeDataset(model, alone);
    one.mean.forEach((value, i) => expect(value).toBeCloseTo(all.mean[69 * 32 + i]!, 5));
  });
});
