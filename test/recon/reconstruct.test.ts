import { describe, expect, it } from 'vitest';
import { magnitude } from '../../main/domain/complex.ts';
import type { ComplexArray } from '../../main/domain/complex.ts';
import { IsochromatError } from '../../main/domain/errors.ts';
import type { ProgressUpdate } from '../../main/domain/progress.ts';
import { Random } from '../../main/domain/random.ts';
import { openFastMri } from '../../main/formats/fastmri/index.ts';
import type { FastMriFile } from '../../main/formats/fastmri/index.ts';
import { readNpyAs } from '../../main/formats/npy.ts';
import { fft2c, ifft2c, transformLastAxes } from '../../main/recon/fft.ts';
import { readoutCrop } from '../../main/recon/readout.ts';
import { reconstructVolume } from '../../main/recon/reconstruct.ts';
import { resizeInKspace } from '../../main/recon/resize.ts';
import { rootSumOfSquares } from '../../main/recon/rss.ts';
import type { KspaceSource } from '../../main/recon/kspace-source.ts';
import { dataFile, describeWithData } from '../data.ts';
import { BRAIN_A, BRAIN_B, complexFile, nrmse, turnedTo } from './measures.ts';

/** Opens a file of the fastMRI layout for the time of `use`. */
async function withFile<T>(name: string, use: (file: FastMriFile) => Promise<T>): Promise<T> {
  const file = await openFastMri(dataFile(...name.split('/')));
  try {
    return await use(file);
  } finally {
    file.close();
  }
}

const ONE = 'fastmri_layout/file_brain_AXT1_900_9000001.h5';
const TWO = 'fastmri_layout/file_brain_AXT1_900_9000002.h5';
const TEST_SET = 'fastmri_layout/file_brain_AXT1_900_9000003.h5';

describeWithData('root sum of squares', () => {
  it.each([ONE, TWO])('of the inverse transform equals the stored reconstruction to 1e-5: %s', async (name) => {
    await withFile(name, async (file) => {
      for (let slice = 0; slice < file.slices; slice++) {
        const steps = [readoutCrop(file.readout, file.reconRows), { along: 'columns', direction: 'inverse' }] as const;
        const ours = rootSumOfSquares(transformLastAxes(file.readKspaceSlice(slice), steps));
        expect(nrmse(ours, file.readReconstructionSlice(slice)!)).toBeLessThan(1e-5);
      }
    });
  });

  it('equals BART', async () => {
    const kspace = await complexFile('kspace', BRAIN_A, 'kspace.npy');
    const { data } = await readNpyAs(dataFile('kspace', BRAIN_A, 'rss.npy'), 'float32');
    expect(nrmse(rootSumOfSquares(ifft2c(kspace)), data)).toBeLessThan(1e-5);
  });
});

describeWithData('a volume from a fastMRI file', () => {
  it('with readout oversampling agrees with BART, magnitude and phase', async () => {
    await withFile(ONE, async (file) => {
      const { image, scales, info, problems } = await reconstructVolume(file, { rows: 230, columns: 180 });
      expect(problems).toEqual([]);
      expect(info).toMatchObject({ coils: 8, undersampled: false, matrix: { rows: 230, columns: 180 } });
      expect(info.notes.join()).toContain('460 to 230');
      const reference = await complexFile('fastmri_layout/reference_9000001/combined_m1_cropped_230x180.npy');
      const ours = turnedTo(
        image.data.map((v) => v * scales[0]!),
        reference.data,
      );
      expect(nrmse(magnitude(ours), magnitude(reference.data))).toBeLessThan(0.01);
      expect(nrmse(ours, reference.data)).toBeLessThan(0.02);
    });
  });

  it('is 320 × 320, normalised slice by slice, with the scale kept and the head masked', async () => {
    await withFile(TWO, async (file) => {
      const { image, mask, scales } = await reconstructVolume(file);
      expect([image.slices, image.rows, image.columns]).toEqual([2, 320, 320]);
      const samples = 320 * 320;
      for (const [slice, name] of [BRAIN_A, BRAIN_B].entries()) {
        const normalised = image.data.subarray(2 * slice * samples, 2 * (slice + 1) * samples);
        expect(magnitude(normalised).reduce((a, b) => Math.max(a, b))).toBeCloseTo(1, 5);
        const { data } = await complexFile('kspace', name, 'combined_m1.npy');
        const reference = resizeInKspace({ rows: 230, columns: 180, data }, 320, 320);
        const inside = mask.subarray(slice * samples, (slice + 1) * samples);
        const kept = (values: Float32Array): Float32Array => values.map((v, i) => v * inside[i]!);
        const ours = magnitude(normalised).map((v) => v * scales[slice]!);
        expect(nrmse(kept(ours), kept(magnitude(reference.data)))).toBeLessThan(0.01);
        const share = inside.reduce((sum, v) => sum + v, 0) / samples;
        expect(share).toBeGreaterThan(0.5);
        expect(share).toBeLessThan(0.7);
      }
    });
  });

  it('that is undersampled says so', async () => {
    await withFile(TEST_SET, async (file) => {
      const { info, mask } = await reconstructVolume(file);
      expect(info.undersampled).toBe(true);
      // Every second column, and between them the 24 central rows of the 24 central columns.
      expect(info.sampled).toBeCloseTo((84 * 320 + 12 * 24) / (167 * 320), 6);
      expect(info.notes[0]).toMatch(/Undersampled: 5\d % of k-space/);
      expect(info.calibration).toEqual({ rows: 24, columns: 24 });
      expect(mask.reduce((sum, v) => sum + v, 0)).toBeGreaterThan(320 * 320 * 0.6);
    });
  });

  it('with two sets of maps has a second image of the same scale', async () => {
    await withFile(TEST_SET, async (file) => {
      const { image, secondImage, scales } = await reconstructVolume(file, {
        sets: 2,
        eigenvalueCrop: 0.8,
        rows: 320,
        columns: 168,
      });
      const { data } = await complexFile('kspace/brainC_8coil_r2_small_fov/combined_m2.npy');
      // Where two eigenvalues meet, which map is the first is a convention; the energy in both is not.
      const both = (first: Float32Array, second: Float32Array): Float32Array =>
        magnitude(first).map((v, i) => Math.hypot(v, magnitudeAt(second, i)));
      const ours = both(image.data, secondImage!.data).map((v) => v * scales[0]!);
      const theirs = both(data.subarray(0, data.length / 2), data.subarray(data.length / 2));
      expect(nrmse(ours, theirs)).toBeLessThan(0.05);
    });
  });

  it.each(['ok_plain', 'ok_recon_wider_than_kspace', 'ok_complex128', 'ok_lzf_chunked'])(
    'of the variant %s',
    async (name) => {
      await withFile(`hdf5_variants/${name}.h5`, async (file) => {
        const { image, problems } = await reconstructVolume(file);
        expect(problems).toEqual([]);
        expect(image.data.every(Number.isFinite)).toBe(true);
      });
    },
  );

  it.each([
    ['bad_nan_kspace', 'fastmri-slice-not-finite'],
    ['bad_all_zero_slice', 'fastmri-slice-all-zero'],
  ])('goes on without a slice that is bad: %s', async (name, code) => {
    await withFile(`hdf5_variants/${name}.h5`, async (file) => {
      const { problems, scales, image } = await reconstructVolume(file);
      expect(problems.map(({ error }) => error.code)).toEqual([code]);
      const bad = problems[0]!.slice;
      expect(scales[bad]).toBe(0);
      expect(scales[1 - bad]).toBeGreaterThan(0);
      expect(image.data.subarray(bad * 2 * 320 * 320, (bad + 1) * 2 * 320 * 320).every((v) => v === 0)).toBe(true);
    });
  });
});

function magnitudeAt(data: Float32Array, sample: number): number {
  return Math.hypot(data[2 * sample]!, data[2 * sample + 1]!);
}

/** An ellipse seen by coils whose sensitivities are smooth and complex; the truth is known. */
function simulated({ coils = 4, rows = 64, columns = 48, slices = 3, oversampled = 1 } = {}) {
  const height = rows * oversampled;
  const truth = new Float32Array(2 * rows * columns);
  const images = new Float32Array(2 * coils * height * columns);
  const offset = (height - rows) / 2;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const [v, u] = [(2 * y) / rows - 1, (2 * x) / columns - 1];
      if (u * u + v * v > 0.6) continue;
      const value = 1 + 0.5 * Number((u - 0.2) ** 2 + v * v < 0.1);
      const angle = u + 0.5 * v;
      truth.set([value * Math.cos(angle), value * Math.sin(angle)], 2 * (y * columns + x));
      for (let c = 0; c < coils; c++) {
        const place = (2 * Math.PI * c) / coils;
        const size = 1.5 + Math.cos(place) * u + Math.sin(place) * v;
        const phase = angle + 0.4 * Math.sin(place) * u + place;
        const to = 2 * ((c * height + offset + y) * columns + x);
        images.set([value * size * Math.cos(phase), value * size * Math.sin(phase)], to);
      }
    }
  }
  const kspace = fft2c({ shape: [coils, height, columns], data: images });
  const noise = new Random('noise').normals(kspace.data.length);
  kspace.data.forEach((v, i) => (kspace.data[i] = v + 1e-3 * noise[i]!));
  const source: KspaceSource = {
    slices,
    coils,
    readout: height,
    columns,
    reconRows: rows,
    reconColumns: columns,
    readKspaceSlice: () => kspace,
  };
  return { source, kspace, truth };
}

describe('reconstructing a volume', () => {
  it('gives the same image with and without readout oversampling', async () => {
    const options = { rows: 64, columns: 48 };
    const plain = await reconstructVolume(simulated().source, options);
    const oversampled = await reconstructVolume(simulated({ oversampled: 2 }).source, options);
    expect(nrmse(oversampled.image.data, plain.image.data)).toBeLessThan(0.01);
  });

  it('uses one phase reference for all slices', async () => {
    const { source, kspace } = simulated({ slices: 2 });
    // The second slice is the first one, each coil turned by its own phase a little and weakened.
    const other = kspace.data.map((v) => v * 0.3);
    const read = (slice: number): ComplexArray => ({ shape: kspace.shape, data: slice === 0 ? kspace.data : other });
    const { image, scales } = await reconstructVolume({ ...source, readKspaceSlice: read });
    const half = image.data.length / 2;
    expect(nrmse(image.data.subarray(half), image.data.subarray(0, half))).toBeLessThan(1e-4);
    expect(scales[1]! / scales[0]!).toBeCloseTo(0.3, 4);
  });

  it('scales with its input and turns with it', async () => {
    const { source, kspace } = simulated({ slices: 1 });
    const plain = await reconstructVolume(source);
    const turned = new Float32Array(kspace.data.length);
    for (let i = 0; i < turned.length; i += 2) {
      // 7·e^{iπ/2}
      turned[i] = -7 * kspace.data[i + 1]!;
      turned[i + 1] = 7 * kspace.data[i]!;
    }
    const read = (): ComplexArray => ({ shape: kspace.shape, data: turned });
    const result = await reconstructVolume({ ...source, readKspaceSlice: read });
    expect(result.scales[0]! / plain.scales[0]!).toBeCloseTo(7, 3);
    expect(nrmse(turnedTo(result.image.data, plain.image.data), plain.image.data)).toBeLessThan(1e-4);
  });

  it('hands out unit sensitivity maps when asked', async () => {
    const shapes: (readonly number[])[] = [];
    const { source } = simulated({ slices: 2 });
    await reconstructVolume(source, { onSensitivities: (_slice, maps) => void shapes.push(maps.shape) });
    expect(shapes).toEqual([
      [1, 4, 64, 48],
      [1, 4, 64, 48],
    ]);
  });

  it('takes a single coil as it is', async () => {
    const { source, kspace } = simulated({ coils: 1, slices: 1 });
    const { image, scales, info } = await reconstructVolume(source, { rows: 64, columns: 48 });
    const expected = ifft2c(kspace).data;
    expect(
      nrmse(
        image.data.map((v) => v * scales[0]!),
        expected,
      ),
    ).toBeLessThan(1e-5);
    expect(info.notes.join()).toContain('Single coil');
  });

  it('lists slices that cannot be used, with the reason, and goes on', async () => {
    const { source, kspace } = simulated({ slices: 4 });
    const zero = { shape: kspace.shape, data: new Float32Array(kspace.data.length) };
    const notFinite = { shape: kspace.shape, data: kspace.data.map((v, i) => (i === 7 ? NaN : v)) };
    const short = { shape: [4, 64, 47], data: new Float32Array(2 * 4 * 64 * 47) };
    const slices = [zero, kspace, notFinite, short];
    const { problems, scales } = await reconstructVolume({ ...source, readKspaceSlice: (i) => slices[i]! });
    expect(problems.map(({ slice, error }) => [slice, error.code])).toEqual([
      [0, 'calibration-empty'],
      [2, 'slice-not-finite'],
      [3, 'kspace-shape'],
    ]);
    expect(scales[1]).toBeGreaterThan(0);
  });

  it('fails when no slice is left, naming the first reason', async () => {
    const { source, kspace } = simulated();
    const zero = { shape: kspace.shape, data: new Float32Array(kspace.data.length) };
    const work = reconstructVolume({ ...source, readKspaceSlice: () => zero });
    await expect(work).rejects.toMatchObject({ code: 'no-usable-slice' });
    await expect(work).rejects.toThrow(/centre of k-space/);
  });

  it('refuses sizes that make no sense before reading anything', async () => {
    const { source } = simulated();
    const read = (): ComplexArray => {
      throw new Error('was read');
    };
    for (const wrong of [{ coils: 0 }, { readout: 1e9 }, { slices: 1.5 }, { reconRows: 1e6 }]) {
      const work = reconstructVolume({ ...source, ...wrong, readKspaceSlice: read });
      await expect(work).rejects.toMatchObject({ code: 'kspace-shape' });
    }
    await expect(reconstructVolume(source, { rows: 0 })).rejects.toMatchObject({ code: 'image-size' });
  });

  it('tells progress and stops between slices when cancelled', async () => {
    const { source } = simulated({ slices: 5 });
    const updates: ProgressUpdate[] = [];
    const stop = new AbortController();
    const work = reconstructVolume(
      source,
      {},
      {
        signal: stop.signal,
        onProgress: (update) => {
          updates.push(update);
          if (update.stage === 'Reconstructing' && update.done === 2) stop.abort();
        },
      },
    );
    await expect(work).rejects.toSatisfy((e) => e instanceof IsochromatError && e.code === 'cancelled');
    expect(updates.at(-1)).toEqual({ stage: 'Reconstructing', done: 2, total: 5 });
  });
});
