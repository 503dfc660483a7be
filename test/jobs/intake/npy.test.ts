import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeNpy } from '../../../main/formats/npy.ts';
import { inspectPaths } from '../../../main/jobs/inspect.ts';
import { dataFile, describeWithData } from '../../data.ts';
import { temporaryFolder } from '../../study/temporary-study.ts';

/** Complex numbers without a pattern that any check knows, of 64 × 48 pixels. */
async function written(name: string, leading: number[]): Promise<string> {
  const shape = [...leading, 64, 48];
  const data = Float32Array.from({ length: 2 * shape.reduce((product, n) => product * n, 1) }, (_, i) => 5 + (i % 7));
  const path = join(temporaryFolder(), name);
  await writeNpy(path, { shape, dtype: 'complex64', data });
  return path;
}

describe('complex arrays', () => {
  test('whose first axis was read as slices say so, as nothing in the file tells what it is', async () => {
    const [several, one] = [await written('a.npy', [8]), await written('b.npy', [])];
    const { volumes } = await inspectPaths([several, one]);
    const noted = volumes.map(({ slices, notes }) => [
      slices,
      notes.some((note) => note.includes('was read as slices')),
    ]);
    expect(noted.sort()).toEqual([
      [1, false],
      [8, true],
    ]);
  });

  test('whose names speak of coils say that such are no images', async () => {
    const names = ['head_maps_coil0.npy', 'smaps.npy', 'sens.npy', 'recoiled_mapping.npy'];
    const paths = await Promise.all(names.map((name) => written(name, [])));
    const { volumes } = await inspectPaths(paths);
    const warned = volumes.filter(({ notes }) => notes.some((note) => note.startsWith('Its name speaks of coils')));
    expect(warned.map(({ files }) => files[0]!.split('/').at(-1)).sort()).toEqual(names.slice(0, 3).sort());
  });

  test('with more axes than a stack has are refused for that, and real ones for having no phase', async () => {
    const complex = await written('a.npy', [2, 8]);
    const real = join(temporaryFolder(), 'b.npy');
    await writeNpy(real, { shape: [64, 48], dtype: 'float32', data: new Float32Array(64 * 48) });
    const { refused } = await inspectPaths([complex, real]);
    const reasons = new Map(refused.map(({ path, reason }) => [path, reason]));
    expect(reasons.get(complex)).toMatch(
      /not of the shape of a stack of images\. Found: complex64 of shape \(2, 8, 64, 48\)/,
    );
    expect(reasons.get(real)).toMatch(/are real, so it holds no phase\. Found: float32/);
  });
});

describeWithData('arrays of a reconstruction with real coils', () => {
  test('are told apart: k-space and sensitivities are refused as such, images are read', async () => {
    const { volumes, refused } = await inspectPaths([dataFile('kspace', 'brainA_8coil_fully_sampled')]);
    expect(volumes.map(({ files }) => files[0]!.split('/').at(-1))).toEqual(['combined_m1.npy']);
    expect(refused.map(({ path, code }) => [path.split('/').at(-1), code])).toEqual([
      ['espirit_eigenvalue_m1.npy', 'npy-not-complex-images'],
      ['espirit_maps_m1.npy', 'npy-is-sensitivities'],
      ['kspace.npy', 'npy-is-kspace'],
      ['rss.npy', 'npy-not-complex-images'],
    ]);
  });
});
