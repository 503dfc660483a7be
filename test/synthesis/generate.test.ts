import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../main/domain/random.ts';
import { cvaeParameters } from '../../main/models/cvae.ts';
import { classTableParameters, flowParameters, velocity } from '../../main/models/flow-unet.ts';
import { meanPhases } from '../../main/models/phase-reference.ts';
import type { Autoencoder, Flow } from '../../main/models/trained.ts';
import { generateLatents, generatePatches } from '../../main/synthesis/generate.ts';
import type { SampleRequest } from '../../main/synthesis/generate.ts';
import { guidedVelocity } from '../../main/synthesis/guidance.ts';
import { normalTensor, testBackend, TINY_CVAE, TINY_FLOW, variables } from '../models/tiny.ts';

const settings = { method: 'heun', steps: 3, timeShift: 1, guidance: 2 } as const;
let flow: Flow;
let autoencoder: Autoencoder;

beforeAll(async () => {
  await testBackend();
  const weightsOf = (parameters: ReturnType<typeof variables>) =>
    new Map([...parameters.all].map(([name, v]) => [name, { shape: v.shape, data: v.dataSync<'float32'>().slice() }]));
  flow = {
    description: {
      kind: 'flow',
      stage: 2,
      architecture: TINY_FLOW,
      standardisation: { mean: [0.1, -0.2], deviation: [0.5, 2] },
      phaseReference: 'patch',
    },
    weights: weightsOf(variables([...flowParameters(TINY_FLOW), ...classTableParameters(TINY_FLOW)], 0.05)),
  };
  autoencoder = {
    description: { kind: 'autoencoder', architecture: TINY_CVAE, patchSize: 16, phaseReference: 'patch' },
    weights: weightsOf(variables(cvaeParameters(TINY_CVAE), 0.05)),
  };
});

const requests: SampleRequest[] = [0, 1, 2, 3, 4].map((i) => ({ sequence: i, tissue: i % 3, seed: `s${i}` }));

describe('generation', () => {
  it('makes the same sample in whatever batch it is', async () => {
    const together = await generateLatents(flow, requests, settings);
    const length = together.length / 5;
    const alone = await generateLatents(flow, [requests[3]!], settings);
    const inPairs = await generateLatents(flow, [...requests].reverse(), { ...settings, batchSize: 2 });
    for (let i = 0; i < length; i++) {
      expect(alone[i]).toBeCloseTo(together[3 * length + i]!, 5);
      expect(inPairs[length + i]).toBeCloseTo(together[3 * length + i]!, 5);
    }
    const other = await generateLatents(flow, [{ ...requests[3]!, seed: 'other' }], settings);
    expect(other[0]).not.toBeCloseTo(alone[0]!, 5);
  });

  it('makes complex patches with a phase of their own, and leaves no tensors behind', async () => {
    const before = tf.memory().numTensors;
    const { patches, patchSize, latents } = await generatePatches(flow, autoencoder, requests, settings);
    expect(tf.memory().numTensors).toBe(before);
    expect(patches).toHaveLength(5 * 16 * 16 * 2);
    expect([patchSize, latents.length]).toEqual([16, 5 * 8 * 8 * 2]);
    const unturned = await generatePatches(
      { ...flow, description: { ...flow.description, phaseReference: 'volume' } },
      { ...autoencoder, description: { ...autoencoder.description, phaseReference: 'volume' } },
      requests,
      settings,
    );
    const turned = meanPhases(patches, 256);
    meanPhases(unturned.patches, 256).forEach((phase, i) => {
      const added = Random.for(`s${i}`, 'phase').uniform(-Math.PI, Math.PI);
      expect(Math.cos(turned[i]! - phase - added)).toBeCloseTo(1, 4);
    });
  });

  it('can be stopped, and reports its progress', async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const run = generateLatents(
      flow,
      requests,
      { ...settings, batchSize: 2 },
      {
        signal: controller.signal,
        onProgress: ({ done }) => {
          seen.push(done);
          if (done >= 2) controller.abort();
        },
      },
    );
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
    expect(seen[0]).toBeCloseTo(2 / 3);
  });

  it('refuses an autoencoder of another family, and an impossible guidance scale', async () => {
    const stranger = { ...autoencoder, description: { ...autoencoder.description, patchSize: 32 } };
    await expect(generatePatches(flow, stranger, requests, settings)).rejects.toMatchObject({
      code: 'flow-and-autoencoder-differ',
    });
    const run = generateLatents(flow, requests, { ...settings, guidance: Number.NaN });
    await expect(run).rejects.toMatchObject({ code: 'guidance-scale' });
  });
});

describe('guidance', () => {
  const conditions = { sequence: [0, 3], tissue: [1, 2] };

  it('is v(∅) + w·(v(c) − v(∅)), on the label alone', () => {
    const p = variables([...flowParameters(TINY_FLOW), ...classTableParameters(TINY_FLOW)], 0.1);
    const x = normalTensor('x', [2, 8, 8, 2]);
    const run = (tissue: number[]): Float32Array =>
      velocity(TINY_FLOW, p, x, { time: [0.3, 0.3], sequence: conditions.sequence, tissue }).dataSync<'float32'>();
    const conditional = run(conditions.tissue);
    const unconditional = run([0, 0]);
    for (const w of [0, 1, 2, 3.5]) {
      const guided = guidedVelocity(flow.description, p, conditions, w)(x, 0.3).dataSync();
      guided.forEach((v, i) => {
        expect(v).toBeCloseTo(unconditional[i]! + w * (conditional[i]! - unconditional[i]!), 4);
      });
    }
  });

  it('needs no second pass at w = 1, and at other scales one batch of twice the size', async () => {
    const p = variables([...flowParameters(TINY_FLOW), ...classTableParameters(TINY_FLOW)], 0.1);
    const x = normalTensor('x', [2, 8, 8, 2]);
    const batches = async (w: number): Promise<number[]> => {
      const profile = await tf.profile(() => guidedVelocity(flow.description, p, conditions, w)(x, 0.5));
      const images = profile.kernels.flatMap(({ outputShapes }) => outputShapes).filter((shape) => shape.length === 4);
      return [...new Set(images.map((shape) => shape[0]!))].sort();
    };
    expect(await batches(1)).toEqual([2]);
    expect(await batches(2)).toContain(4);
  });
});
