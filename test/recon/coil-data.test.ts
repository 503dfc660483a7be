import { expect, it } from 'vitest';
import type { ComplexArray } from '../../main/domain/complex.ts';
import { openFastMri } from '../../main/formats/fastmri/index.ts';
import { keptSlices } from '../../main/recon/coil-data.ts';
import { combineCoils } from '../../main/recon/combine.ts';
import { reconstructVolume } from '../../main/recon/reconstruct.ts';
import type { ReconstructedVolume, ReconstructionOptions } from '../../main/recon/reconstruct.ts';
import { dataFile, describeWithData } from '../data.ts';
import { nrmse } from './measures.ts';

it('the middle slice is the usable one nearest to the middle', () => {
  expect([...keptSlices('middle', [0, 1, 2, 3, 4], 5)]).toEqual([2]);
  expect([...keptSlices('middle', [0, 3, 4], 5)]).toEqual([3]);
  expect([...keptSlices('all', [0, 3, 4], 5)]).toEqual([0, 3, 4]);
  expect([...keptSlices('none', [0, 3, 4], 5)]).toEqual([]);
});

describeWithData('coil images and sensitivities of a real file', () => {
  interface Kept {
    slice: number;
    coils: ComplexArray;
    maps: ComplexArray;
  }
  async function reconstruct(
    name: string,
    slices: 'middle' | 'all',
    options: ReconstructionOptions,
  ): Promise<{ volume: ReconstructedVolume; kept: Kept[] }> {
    const file = await openFastMri(dataFile('fastmri_layout', name));
    const kept: Kept[] = [];
    try {
      const keep = (slice: number, coils: ComplexArray, maps: ComplexArray): void =>
        void kept.push({ slice, coils, maps });
      return { volume: await reconstructVolume(file, { ...options, coilSink: { slices, keep } }), kept };
    } finally {
      file.close();
    }
  }
  const imageOf = ({ image }: ReconstructedVolume, slice: number): Float32Array => {
    const length = 2 * image.rows * image.columns;
    return image.data.subarray(slice * length, (slice + 1) * length);
  };
  const combined = ({ coils, maps }: Kept): Float32Array =>
    combineCoils(coils, { shape: [1, ...maps.shape], data: maps.data }).data;
  const inside = (values: Float32Array, mask: Uint8Array): Float32Array =>
    values.filter((_, i) => mask[Math.floor(i / 2)] === 1);

  it('combine to the image itself where nothing is resized', async () => {
    const { volume, kept } = await reconstruct('file_brain_AXT1_900_9000001.h5', 'all', { rows: 230, columns: 180 });
    expect(kept.map(({ slice, coils }) => [slice, ...coils.shape])).toEqual([[0, 8, 230, 180]]);
    expect(nrmse(combined(kept[0]!), imageOf(volume, 0))).toBeLessThan(1e-6);
  }, 300_000);

  it('combine to the resized image within a hundredth, in its orientation and unit', async () => {
    const { volume, kept } = await reconstruct('file_brain_AXT1_900_9000001.h5', 'middle', {});
    expect(kept.map(({ coils, maps }) => [coils.shape, maps.shape])).toEqual([
      [
        [8, 320, 320],
        [8, 320, 320],
      ],
    ]);
    const [image, sum] = [imageOf(volume, 0), combined(kept[0]!)];
    expect(nrmse(inside(sum, volume.mask), inside(image, volume.mask))).toBeLessThan(0.01);
  }, 300_000);
});
