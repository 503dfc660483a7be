import { IsochromatError } from '../domain/errors.ts';

/**
 * Patches at a lower resolution: a crop in k-space, as `recon` resizes whole images, of the patch continued by its mirror
 * image. A patch is not periodic; a plain Fourier crop would ring along its edges, the mirrored one (a cosine transform
 * truncated to its lowest `to` frequencies per axis) does not. The upper two thirds of what is kept are tapered, as scanners do: a hard
 * edge in k-space would draw ripples beside the skull. The result keeps the image's scale and phase.
 * @param images `[n, from, from, 2]`
 * @returns `[n, to, to, 2]`; the same array when the sizes are equal
 */
export function reducePatches(images: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return images;
  if (!(to >= 1 && to < from)) {
    throw new IsochromatError({
      code: 'patch-size',
      sentence: 'These patches cannot be reduced to the size that the preset works on.',
      expected: `patches of at least ${to} × ${to}`,
      found: `${from} × ${from}`,
      remedy: 'Choose a preset with smaller patches, or extract larger ones.',
    });
  }
  const matrix = reductionMatrix(from, to);
  const count = images.length / (2 * from * from);
  const out = new Float32Array(count * 2 * to * to);
  const rows = new Float64Array(to * 2 * from);
  for (let n = 0; n < count; n++) {
    const image = images.subarray(n * 2 * from * from, (n + 1) * 2 * from * from);
    reduceRows(matrix, image, rows, from, to);
    reduceColumns(matrix, rows, out.subarray(n * 2 * to * to, (n + 1) * 2 * to * to), from, to);
  }
  return out;
}

/** `rows[i, j] = Σ_k matrix[i, k] · image[k, j]`. Four rows at a time: what is summed is loaded and stored a quarter as often. */
function reduceRows(matrix: Float64Array, image: Float32Array, rows: Float64Array, from: number, to: number): void {
  const width = 2 * from;
  const inFours = from - (from % 4);
  rows.fill(0);
  for (let i = 0; i < to; i++) {
    const at = i * width;
    for (let k = 0; k < inFours; k += 4) {
      const w = i * from + k;
      const [w0, w1, w2, w3] = [matrix[w]!, matrix[w + 1]!, matrix[w + 2]!, matrix[w + 3]!];
      const [r0, r1, r2, r3] = [k * width, (k + 1) * width, (k + 2) * width, (k + 3) * width];
      for (let j = 0; j < width; j++) {
        rows[at + j]! += w0 * image[r0 + j]! + w1 * image[r1 + j]! + (w2 * image[r2 + j]! + w3 * image[r3 + j]!);
      }
    }
    for (let k = inFours; k < from; k++) {
      const weight = matrix[i * from + k]!;
      for (let j = 0; j < width; j++) rows[at + j]! += weight * image[k * width + j]!;
    }
  }
}

/** `out[i, j] = Σ_k matrix[j, k] · rows[i, k]`, real and imaginary parts. */
function reduceColumns(matrix: Float64Array, rows: Float64Array, out: Float32Array, from: number, to: number): void {
  for (let i = 0; i < to; i++) {
    const row = i * 2 * from;
    for (let j = 0; j < to; j++) {
      let re = 0;
      let im = 0;
      for (let k = 0, w = j * from, at = row; k < from; k++, w++, at += 2) {
        const weight = matrix[w]!;
        re += weight * rows[at]!;
        im += weight * rows[at + 1]!;
      }
      out[2 * (i * to + j)] = re;
      out[2 * (i * to + j) + 1] = im;
    }
  }
}

/** Where the taper begins, as a share of the highest frequency. */
const TAPER_FROM = 1 / 3;

/** Tukey window: 1, then half a cosine down to 0. */
function taper(frequency: number): number {
  const beyond = Math.max(0, (frequency - TAPER_FROM) / (1 - TAPER_FROM));
  return 0.5 * (1 + Math.cos(Math.PI * beyond));
}

/** `[to, from]`: inverse cosine transform of length `to` after the lowest `to` coefficients of one of length `from`. */
function reductionMatrix(from: number, to: number): Float64Array {
  const matrix = new Float64Array(to * from);
  for (let i = 0; i < to; i++) {
    for (let k = 0; k < from; k++) {
      let sum = 1;
      for (let f = 1; f < to; f++) {
        sum +=
          2 *
          taper(f / to) *
          Math.cos((Math.PI * f * (2 * i + 1)) / (2 * to)) *
          Math.cos((Math.PI * f * (2 * k + 1)) / (2 * from));
      }
      matrix[i * from + k] = sum / from;
    }
  }
  return matrix;
}
