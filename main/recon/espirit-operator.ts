import { engine } from './engine.ts';
import type { KernelBasis } from './espirit-kernels.ts';
import { wavesAt } from './espirit-polynomial.ts';
import type { EspiritOperator, Split, Waves } from './espirit-polynomial.ts';

/**
 * M(r) = (1/s²)·Σ_k g_k(r)·g_k(r)ᴴ with g_k,c(r) = Σ_p w_k[c, p]·exp(2πi·p·r). The products are formed where 2s
 * samples an axis suffice to hold them without aliasing, and transformed to coefficients there.
 */
export function espiritOperator(basis: KernelBasis): EspiritOperator {
  const { coils, size } = basis;
  const order = size - 1;
  const grid = 2 * size;
  const pairs = (coils * (coils + 1)) / 2;
  const products = sumOfProducts(basis, grid);
  const span = 2 * order + 1;
  const re = new Float64Array(pairs * span * span);
  const im = new Float64Array(pairs * span * span);
  // Analysis: coefficient(d) = (1/grid²)·Σ_j M(j/grid)·exp(−2πi·d·j/grid), one axis after the other.
  const waves = waveTable(grid, order);
  const half = { re: new Float64Array(span), im: new Float64Array(span) };
  const factor = 1 / (grid * grid * size * size);
  for (let pair = 0; pair < pairs; pair++) {
    for (let y = 0; y < grid; y++) {
      half.re.fill(0);
      half.im.fill(0);
      for (let x = 0; x < grid; x++) {
        const at = (y * grid + x) * pairs + pair;
        accumulateConjugate(half, 0, products.re[at]!, products.im[at]!, waves, x);
      }
      for (let dy = 0; dy < span; dy++) {
        const wRe = waves.re[y * span + dy]! * factor;
        const wIm = -waves.im[y * span + dy]! * factor;
        for (let dx = 0, at = (pair * span + dy) * span; dx < span; dx++, at++) {
          re[at] = re[at]! + half.re[dx]! * wRe - half.im[dx]! * wIm;
          im[at] = im[at]! + half.re[dx]! * wIm + half.im[dx]! * wRe;
        }
      }
    }
  }
  return { coils, order, pairs, re, im };
}

/** exp(2πi·d·j/grid) for −order ≤ d ≤ order (inner) and j < grid (outer). */
function waveTable(grid: number, order: number): Waves {
  return wavesAt(
    Float64Array.from({ length: grid }, (_, j) => j / grid),
    order,
  );
}

/** into[offset + d] += z·conj(wave[d] at position j), for every frequency d. */
function accumulateConjugate(into: Split, offset: number, zRe: number, zIm: number, waves: Waves, j: number): void {
  const { span, re, im } = waves;
  for (let d = 0, w = j * span; d < span; d++, w++) {
    into.re[offset + d] = into.re[offset + d]! + zRe * re[w]! + zIm * im[w]!;
    into.im[offset + d] = into.im[offset + d]! + zIm * re[w]! - zRe * im[w]!;
  }
}

/** Σ_k g_k,a·conj(g_k,b) on a grid × grid raster of one period, `[grid, grid, pairs]`. */
function sumOfProducts(basis: KernelBasis, grid: number): Split {
  const { coils, size } = basis;
  const count = basis.singularValues.length;
  const pairs = (coils * (coils + 1)) / 2;
  const points = grid * grid;
  const waves = waveTable(grid, size - 1);
  // Every point's images together: [points, coils, kernels].
  const images = { re: new Float64Array(points * coils * count), im: new Float64Array(points * coils * count) };
  const image = { re: new Float64Array(points), im: new Float64Array(points) };
  for (let k = 0; k < count; k++) {
    for (let c = 0; c < coils; c++) {
      kernelImage(basis, k * coils + c, grid, waves, image);
      for (let g = 0, to = c * count + k; g < points; g++, to += coils * count) {
        images.re[to] = image.re[g]!;
        images.im[to] = image.im[g]!;
      }
    }
  }
  const out = { re: new Float64Array(points * pairs), im: new Float64Array(points * pairs) };
  for (let g = 0, to = 0; g < points; g++) {
    const start = g * coils * count;
    const end = start + coils * count;
    const here = {
      rows: coils,
      columns: count,
      re: images.re.subarray(start, end),
      im: images.im.subarray(start, end),
    };
    const products = engine().multiplyAdjoint(here, here, true);
    for (let a = 0; a < coils; a++) {
      for (let b = a; b < coils; b++, to++) {
        // The upper triangle is the conjugate of the lower.
        out.re[to] = products.re[b * coils + a]!;
        out.im[to] = -products.im[b * coils + a]!;
      }
    }
  }
  return out;
}

/** g(r) = Σ_p w[p]·exp(2πi·p·r) on the raster, for the kernel that stands at `index` in the basis. */
function kernelImage(basis: KernelBasis, index: number, grid: number, waves: Waves, out: Split): void {
  const { size, re, im } = basis;
  const { span } = waves;
  const zero = size - 1;
  for (let py = 0; py < size; py++) {
    for (let x = 0; x < grid; x++) {
      let rowRe = 0;
      let rowIm = 0;
      for (let px = 0; px < size; px++) {
        const kRe = re[(index * size + py) * size + px]!;
        const kIm = im[(index * size + py) * size + px]!;
        const wRe = waves.re[x * span + zero + px]!;
        const wIm = waves.im[x * span + zero + px]!;
        rowRe += kRe * wRe - kIm * wIm;
        rowIm += kRe * wIm + kIm * wRe;
      }
      for (let y = 0; y < grid; y++) {
        const wRe = waves.re[y * span + zero + py]!;
        const wIm = waves.im[y * span + zero + py]!;
        const to = y * grid + x;
        out.re[to] = (py === 0 ? 0 : out.re[to]!) + rowRe * wRe - rowIm * wIm;
        out.im[to] = (py === 0 ? 0 : out.im[to]!) + rowRe * wIm + rowIm * wRe;
      }
    }
  }
}
