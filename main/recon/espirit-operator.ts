import type { KernelBasis } from './espirit-kernels.ts';

/**
 * The ESPIRiT operator of a slice: at every position r of the field of view a Hermitian matrix M(r) over coils, whose
 * eigenvectors of eigenvalue 1 are the coil sensitivities (Uecker 2014, Eq. 13). With kernels of side s, M is a
 * trigonometric polynomial of order s − 1 in each axis, so these few coefficients give it exactly at any position.
 */
export interface EspiritOperator {
  readonly coils: number;
  /** s − 1: coefficients exist for frequencies −order … order. */
  readonly order: number;
  /** Number of coil pairs (a ≤ b), coils·(coils + 1)/2, in the order (0,0) (0,1) … (1,1) …: the upper triangle. */
  readonly pairs: number;
  /** `[pairs, 2·order + 1, 2·order + 1]`: M[a, b](r) = Σ_d coefficient(d)·exp(2πi·d·r); parts apart. */
  readonly re: Float64Array;
  readonly im: Float64Array;
}

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

interface Split {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

interface Waves extends Split {
  readonly span: number;
}

/** exp(2πi·d·j/grid) for −order ≤ d ≤ order (inner) and j < grid (outer). */
function waveTable(grid: number, order: number): Waves {
  return wavesAt(
    Float64Array.from({ length: grid }, (_, j) => j / grid),
    order,
  );
}

/** exp(2πi·d·r) for −order ≤ d ≤ order (inner) and every position r, in cycles of the field of view (outer). */
export function wavesAt(positions: Float64Array, order: number): Waves {
  const span = 2 * order + 1;
  const re = new Float64Array(positions.length * span);
  const im = new Float64Array(positions.length * span);
  positions.forEach((r, j) => {
    for (let d = -order; d <= order; d++) {
      re[j * span + d + order] = Math.cos(2 * Math.PI * d * r);
      im[j * span + d + order] = Math.sin(2 * Math.PI * d * r);
    }
  });
  return { span, re, im };
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
  const out = { re: new Float64Array(grid * grid * pairs), im: new Float64Array(grid * grid * pairs) };
  const positions = Float64Array.from({ length: grid }, (_, j) => j / grid);
  const waves = wavesAt(positions, size - 1);
  const images = { re: new Float64Array(coils * grid * grid), im: new Float64Array(coils * grid * grid) };
  for (let k = 0; k < count; k++) {
    for (let c = 0; c < coils; c++) kernelImage(basis, k * coils + c, grid, waves, images, c * grid * grid);
    for (let g = 0, at = 0; g < grid * grid; g++) {
      for (let a = 0; a < coils; a++) {
        const aRe = images.re[a * grid * grid + g]!;
        const aIm = images.im[a * grid * grid + g]!;
        for (let b = a, from = a * grid * grid + g; b < coils; b++, at++, from += grid * grid) {
          out.re[at] = out.re[at]! + aRe * images.re[from]! + aIm * images.im[from]!;
          out.im[at] = out.im[at]! + aIm * images.re[from]! - aRe * images.im[from]!;
        }
      }
    }
  }
  return out;
}

/** g(r) = Σ_p w[p]·exp(2πi·p·r) on the raster, for the kernel that stands at `index` in the basis. */
function kernelImage(basis: KernelBasis, index: number, grid: number, waves: Waves, out: Split, at: number): void {
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
        const to = at + y * grid + x;
        out.re[to] = (py === 0 ? 0 : out.re[to]!) + rowRe * wRe - rowIm * wIm;
        out.im[to] = (py === 0 ? 0 : out.im[to]!) + rowRe * wIm + rowIm * wRe;
      }
    }
  }
}
