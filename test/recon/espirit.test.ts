import { describe, expect, it } from 'vitest';
import { Random } from '../../main/domain/random.ts';
import { magnitude } from '../../main/domain/complex.ts';
import { calibrationRegion } from '../../main/recon/calibration.ts';
import { combineCoils } from '../../main/recon/combine.ts';
import { kernelBasis } from '../../main/recon/espirit-kernels.ts';
import { ifft2c } from '../../main/recon/fft.ts';
import { describeWithData } from '../data.ts';
import { BRAIN_A, BRAIN_B, BRAIN_C, agreement, complexFile, nrmse, reconstructAlone, turnedTo } from './measures.ts';

const median = (sorted: Float64Array): number => sorted[sorted.length >> 1]!;

describeWithData('ESPIRiT on real brains, against BART', () => {
  it.each([
    [BRAIN_A, 0.999],
    [BRAIN_B, 0.999],
    [BRAIN_C, 0.99],
  ])('finds the same sensitivities: %s', async (name, least) => {
    const { maps } = reconstructAlone(await complexFile('kspace', name, 'kspace.npy'));
    const values = agreement(await complexFile('kspace', name, 'espirit_maps_m1.npy'), maps);
    expect(median(values)).toBeGreaterThan(least);
  });

  it.each([BRAIN_A, BRAIN_B])('combines to the same magnitude within 1 %% and the same phase: %s', async (name) => {
    const { combined } = reconstructAlone(await complexFile('kspace', name, 'kspace.npy'));
    const reference = await complexFile('kspace', name, 'combined_m1.npy');
    const turned = turnedTo(combined, reference.data);
    expect(nrmse(magnitude(turned), magnitude(reference.data))).toBeLessThan(0.01);
    // The phase too: BART's reference is the same principal component, up to one angle for the whole slice.
    expect(nrmse(turned, reference.data)).toBeLessThan(0.01);
  });

  it('finds both sets of maps where the head wraps', async () => {
    const kspace = await complexFile('kspace', BRAIN_C, 'kspace.npy');
    const reference = await complexFile('kspace', BRAIN_C, 'espirit_maps_m2.npy');
    const { maps } = reconstructAlone(kspace, { sets: 2, eigenvalueCrop: 0.8 });
    // Where two eigenvalues meet each map is a convention; the space that both span is not.
    expect(median(sharedSpace(reference.data, maps.data, reference.shape))).toBeGreaterThan(0.999);
    expect(median(agreement(reference, maps))).toBeGreaterThan(0.99);
  });

  it('crops where the eigenvalue is below 0.8 as BART does', async () => {
    const kspace = await complexFile('kspace', BRAIN_A, 'kspace.npy');
    const reference = await complexFile('kspace', BRAIN_A, 'combined_m1.npy');
    const { maps } = reconstructAlone(kspace, { eigenvalueCrop: 0.8 });
    const combined = magnitude(combineCoils(ifft2c(kspace), maps).data);
    const theirs = magnitude(reference.data);
    const differing = combined.filter((value, i) => (value === 0) !== (theirs[i] === 0)).length;
    expect(differing / combined.length).toBeLessThan(0.005);
  });

  it.each([BRAIN_A, BRAIN_B, BRAIN_C])('on the coarse raster equals solving every pixel to 1e-3: %s', async (name) => {
    const kspace = await complexFile('kspace', name, 'kspace.npy');
    const coarse = reconstructAlone(kspace);
    const full = reconstructAlone(kspace, { eigenGrid: 'full' });
    expect(nrmse(coarse.maps.data, full.maps.data)).toBeLessThan(1e-3);
    expect(nrmse(coarse.combined, full.combined)).toBeLessThan(1e-3);
    expect(nrmse(coarse.eigenvalues, full.eigenvalues)).toBeLessThan(1e-3);
  });

  it('equals the textbook at single pixels: zero-padded kernels, their images, many power iterations', async () => {
    const kspace = await complexFile('kspace', BRAIN_A, 'kspace.npy');
    const [coils, rows, columns] = kspace.shape as [number, number, number];
    const basis = kernelBasis(calibrationRegion(kspace));
    const { maps, eigenvalues } = reconstructAlone(kspace, { eigenGrid: 'full' });
    const random = new Random('pixels');
    for (let n = 0; n < 40; n++) {
      const [y, x] = [random.integer(60, 170), random.integer(40, 140)];
      const { vector, value } = textbookEigenvector(basis, (y - rows / 2) / rows, (x - columns / 2) / columns);
      let [re, im] = [0, 0];
      for (let c = 0; c < coils; c++) {
        const i = 2 * ((c * rows + y) * columns + x);
        re += vector[2 * c]! * maps.data[i]! + vector[2 * c + 1]! * maps.data[i + 1]!;
        im += vector[2 * c]! * maps.data[i + 1]! - vector[2 * c + 1]! * maps.data[i]!;
      }
      expect(Math.hypot(re, im)).toBeCloseTo(1, 5);
      expect(eigenvalues[y * columns + x]).toBeCloseTo(value, 5);
    }
  });
});

/** σ_min of the overlap of two orthonormal pairs, per pixel where both reference maps exist, ascending. */
function sharedSpace(a: Float32Array, b: Float32Array, shape: readonly number[]): Float64Array {
  const [, coils, rows, columns] = shape as [number, number, number, number];
  const samples = rows * columns;
  const values: number[] = [];
  for (let p = 0; p < samples; p++) {
    const overlap = (i: number, j: number): [number, number] => {
      let [re, im] = [0, 0];
      for (let c = 0; c < coils; c++) {
        const u = 2 * ((i * coils + c) * samples + p);
        const v = 2 * ((j * coils + c) * samples + p);
        re += a[u]! * b[v]! + a[u + 1]! * b[v + 1]!;
        im += a[u]! * b[v + 1]! - a[u + 1]! * b[v]!;
      }
      return [re, im];
    };
    const present = [0, 1].every((set) => {
      const at = (array: Float32Array, c: number): number => Math.abs(array[2 * ((set * coils + c) * samples + p)]!);
      return Array.from({ length: coils }, (_, c) => c).some((c) => at(a, c) > 0 && at(b, c) > 0);
    });
    if (!present) continue;
    // |det| of the 2 × 2 overlap is 1 exactly when the spaces are the same.
    const [m, n, o, q] = [overlap(0, 0), overlap(0, 1), overlap(1, 0), overlap(1, 1)];
    const re = m[0] * q[0] - m[1] * q[1] - (n[0] * o[0] - n[1] * o[1]);
    const im = m[0] * q[1] + m[1] * q[0] - (n[0] * o[1] + n[1] * o[0]);
    values.push(Math.hypot(re, im));
  }
  return Float64Array.from(values).sort();
}

function textbookEigenvector(
  { coils, size, re, im, singularValues }: ReturnType<typeof kernelBasis>,
  ry: number,
  rx: number,
): { vector: Float64Array; value: number } {
  const images = Array.from(singularValues, (_, k) => {
    const g = new Float64Array(2 * coils);
    for (let c = 0; c < coils; c++) {
      for (let p = 0; p < size * size; p++) {
        const angle = 2 * Math.PI * (Math.floor(p / size) * ry + (p % size) * rx);
        const at = (k * coils + c) * size * size + p;
        g[2 * c]! += (re[at]! * Math.cos(angle) - im[at]! * Math.sin(angle)) / size;
        g[2 * c + 1]! += (re[at]! * Math.sin(angle) + im[at]! * Math.cos(angle)) / size;
      }
    }
    return g;
  });
  let vector = new Float64Array(2 * coils).fill(1);
  let value = 0;
  for (let iteration = 0; iteration < 500; iteration++) {
    const next = new Float64Array(2 * coils);
    for (const g of images) {
      let [dotRe, dotIm] = [0, 0];
      for (let c = 0; c < 2 * coils; c += 2) {
        dotRe += g[c]! * vector[c]! + g[c + 1]! * vector[c + 1]!;
        dotIm += g[c]! * vector[c + 1]! - g[c + 1]! * vector[c]!;
      }
      for (let c = 0; c < 2 * coils; c += 2) {
        next[c]! += dotRe * g[c]! - dotIm * g[c + 1]!;
        next[c + 1]! += dotRe * g[c + 1]! + dotIm * g[c]!;
      }
    }
    const norm = Math.sqrt(next.reduce((sum, v) => sum + v * v, 0));
    value = norm / Math.sqrt(vector.reduce((sum, v) => sum + v * v, 0));
    vector = next.map((v) => v / norm);
  }
  return { vector, value };
}

describe('sensitivity maps', () => {
  it('have unit length and the phase of their reference everywhere', async () => {
    const kspace = { shape: [4, 40, 36], data: new Random('noise').normals(2 * 4 * 40 * 36) };
    const { maps } = reconstructAlone(kspace);
    for (let p = 0; p < 40 * 36; p++) {
      let energy = 0;
      for (let c = 0; c < 4; c++) {
        const i = 2 * (c * 40 * 36 + p);
        energy += maps.data[i]! ** 2 + maps.data[i + 1]! ** 2;
      }
      expect(energy).toBeCloseTo(1, 5);
    }
  });
});
