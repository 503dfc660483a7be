import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeNpy } from '../../main/formats/npy.ts';
import { Random } from '../../main/domain/random.ts';
import { autoencoderBatches } from '../../main/training/batches/autoencoder.ts';
import { flowBatches } from '../../main/training/batches/flow.ts';
import type { FlowRecipe } from '../../main/training/batches/flow.ts';
import { openPatchSource } from '../../main/training/batches/patch-source.ts';
import { PrefetchedBatches } from '../../main/training/batches/prefetch.ts';

const COUNT = 12;
const folder = mkdtempSync(join(tmpdir(), 'isochromat-prefetch-'));
afterAll(() => rmSync(folder, { recursive: true }));

const flow: FlowRecipe = {
  kind: 'flow',
  latents: {
    ...{ count: COUNT, size: 4, channels: 2, sequence: Uint8Array.from({ length: COUNT }, (_, i) => i % 4) },
    mean: new Random(1).normals(COUNT * 32),
    deviation: new Random(2).normals(COUNT * 32).map(Math.abs),
  },
  standardisation: { mean: [0.1, -0.2], deviation: [1, 2] },
  ...{ batchSize: 5, conditionDropout: 0.3, timeDensity: { kind: 'uniform' }, seed: 3 },
};
const finetune: FlowRecipe = {
  ...flow,
  kind: 'finetune',
  labelled: { indices: [1, 4, 5, 8], tissue: [1, 2, 2, 1] },
};

/** Takes steps slowly enough for the thread to be ahead; counts those that were drawn on this thread. */
async function drawnHere<B>(recipe: FlowRecipe, draw: (step: number) => B, steps: number): Promise<[B[], number]> {
  let here = 0;
  const batches = new PrefetchedBatches<B>(recipe, (step) => {
    here += 1;
    return draw(step);
  });
  const taken: B[] = [];
  for (let step = 0; step < steps; step++) {
    taken.push(batches.take(step));
    if (step < 25) continue;
    const deadline = performance.now() + 10_000;
    while (batches.waiting === 0 && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await batches.close();
  return [taken, here];
}

describe('batches drawn ahead on another thread', () => {
  it.each([flow, finetune])('are those of this thread, bit for bit: $kind', async (recipe) => {
    const draw = flowBatches(recipe);
    const [taken, here] = await drawnHere(recipe, draw, 60);
    taken.forEach((batch, step) => expect(batch).toEqual(draw(step)));
    // The first twenty, and a few until the thread has started.
    expect(here).toBeLessThan(40);
  });

  it('are read from the file that holds the patches', async () => {
    const file = join(folder, 'train.npy');
    const data = Float32Array.from(new Random(4).normals(COUNT * 2 * 16));
    await writeNpy(file, { shape: [COUNT, 2, 4, 4], dtype: 'float32', data });
    const source = { file, positions: Int32Array.of(3, 0, 7, 11), size: 4 };
    const sequence = Uint8Array.of(0, 1, 2, 3);
    const recipe = {
      source,
      size: 4,
      sequence,
      phaseReference: 'patch',
      batchSize: 3,
      latentLength: 8,
      seed: 9,
    } as const;
    const reader = await openPatchSource(source);
    const draw = autoencoderBatches(recipe, reader);
    const batches = new PrefetchedBatches({ kind: 'autoencoder', ...recipe }, draw);
    for (let step = 0; step < 50; step++) {
      expect(batches.take(step)).toEqual(draw(step));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    // On a busy machine the thread starts late.
    await expect.poll(() => batches.waiting, { timeout: 10_000 }).toBeGreaterThan(0);
    await batches.close();
    reader.close();
  });

  it('are drawn here where the thread cannot, or is no more', async () => {
    const source = { file: join(folder, 'absent.npy'), positions: Int32Array.of(0), size: 4 };
    const recipe = {
      kind: 'autoencoder',
      source,
      size: 4,
      sequence: Uint8Array.of(0),
      phaseReference: 'patch',
    } as const;
    const lost = { ...recipe, batchSize: 1, latentLength: 8, seed: 1 };
    const batches = new PrefetchedBatches(lost, (step) => step);
    for (let step = 0; step < 60; step++) {
      expect(batches.take(step)).toBe(step);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await batches.close();
    expect(batches.take(60)).toBe(60);
  });

  it('begin anywhere: a resumed run gets what the uninterrupted one got', async () => {
    const draw = flowBatches(flow);
    const batches = new PrefetchedBatches(flow, draw);
    for (let step = 100; step < 150; step++) {
      expect(batches.take(step)).toEqual(draw(step));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await batches.close();
  });
});
