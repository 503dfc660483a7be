import { IsochromatError } from '../../domain/errors.ts';

/** Feature vectors, row after row: `[n, dimension]`. */
export interface FeatureSet {
  readonly data: ArrayLike<number>;
  readonly dimension: number;
}

/**
 * Fréchet distance between Gaussians fitted to two feature sets (Dowson & Landau 1982; Heusel 2017):
 * ‖μ₁ − μ₂‖² + Tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½). With Σ = L·Lᵀ the last trace is the sum of the singular values of L₁ᵀL₂, so that no
 * matrix square root is taken. Biased upwards for few samples: compare only sets of equal size.
 */
export function frechetDistance(first: FeatureSet, second: FeatureSet): number {
  const a = gaussianOf(first);
  const b = gaussianOf(second);
  const d = first.dimension;
  if (d !== second.dimension) {
    throw new IsochromatError({
      code: 'feature-dimensions-differ',
      sentence: 'The two feature sets cannot be compared.',
      expected: `vectors of ${d} numbers in both`,
      found: `${second.dimension} in the second`,
    });
  }
  let distance = 0;
  for (let i = 0; i < d; i++) {
    distance += (a.mean[i]! - b.mean[i]!) ** 2 + a.covariance[i * d + i]! + b.covariance[i * d + i]!;
  }
  const product = transposedTimes(choleskyFactor(a.covariance, d), choleskyFactor(b.covariance, d), d);
  return Math.max(0, distance - 2 * nuclearNorm(product, d));
}

function gaussianOf({ data, dimension: d }: FeatureSet): { mean: Float64Array; covariance: Float64Array } {
  const n = data.length / d;
  if (!Number.isInteger(n) || n < 2) {
    throw new IsochromatError({
      code: 'feature-set-size',
      sentence: 'A Gaussian cannot be fitted to this feature set.',
      expected: `at least two vectors of ${d} numbers`,
      found: `${data.length} numbers`,
    });
  }
  const mean = new Float64Array(d);
  for (let k = 0; k < data.length; k++) mean[k % d] = mean[k % d]! + data[k]! / n;
  const covariance = new Float64Array(d * d);
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < d; i++) {
      const deviation = (data[k * d + i]! - mean[i]!) / (n - 1);
      for (let j = 0; j <= i; j++) {
        covariance[i * d + j] = covariance[i * d + j]! + deviation * (data[k * d + j]! - mean[j]!);
      }
    }
  }
  for (let i = 0; i < d; i++) for (let j = 0; j < i; j++) covariance[j * d + i] = covariance[i * d + j]!;
  return { mean, covariance };
}

/** Lower L with L·Lᵀ = S for a positive semidefinite S; directions without variance get a zero column. */
function choleskyFactor(s: Float64Array, d: number): Float64Array {
  const l = new Float64Array(d * d);
  let largest = 0;
  for (let i = 0; i < d; i++) largest = Math.max(largest, s[i * d + i]!);
  for (let j = 0; j < d; j++) {
    let pivot = s[j * d + j]!;
    for (let k = 0; k < j; k++) pivot -= l[j * d + k]! ** 2;
    if (pivot <= 1e-13 * largest) continue;
    const root = Math.sqrt(pivot);
    l[j * d + j] = root;
    for (let i = j + 1; i < d; i++) {
      let sum = s[i * d + j]!;
      for (let k = 0; k < j; k++) sum -= l[i * d + k]! * l[j * d + k]!;
      l[i * d + j] = sum / root;
    }
  }
  return l;
}

/** (Aᵀ·B)ᵀ, row-major: rows of the result are the columns that the Jacobi rotations work on. */
function transposedTimes(a: Float64Array, b: Float64Array, d: number): Float64Array {
  const out = new Float64Array(d * d);
  for (let k = 0; k < d; k++) {
    for (let j = 0; j < d; j++) {
      const factor = b[k * d + j]!;
      if (factor === 0) continue;
      for (let i = 0; i < d; i++) out[j * d + i] = out[j * d + i]! + a[k * d + i]! * factor;
    }
  }
  return out;
}

/** Sum of singular values: rows are made orthogonal by one-sided Jacobi rotations (Hestenes 1958), then measured. */
function nuclearNorm(m: Float64Array, d: number): number {
  for (let sweep = 0; sweep < 60; sweep++) {
    let rotated = false;
    for (let p = 0; p < d - 1; p++) {
      for (let q = p + 1; q < d; q++) rotated = rotate(m, p * d, q * d, d) || rotated;
    }
    if (!rotated) break;
  }
  let sum = 0;
  for (let p = 0; p < d; p++) sum += Math.sqrt(rowEnergy(m, p * d, d));
  return sum;
}

function rotate(m: Float64Array, p: number, q: number, d: number): boolean {
  let alpha = 0;
  let beta = 0;
  let gamma = 0;
  for (let i = 0; i < d; i++) {
    alpha += m[p + i]! ** 2;
    beta += m[q + i]! ** 2;
    gamma += m[p + i]! * m[q + i]!;
  }
  if (Math.abs(gamma) <= 1e-15 * Math.sqrt(alpha * beta) || gamma === 0) return false;
  const zeta = (beta - alpha) / (2 * gamma);
  const t = Math.sign(zeta || 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
  const c = 1 / Math.hypot(1, t);
  const s = c * t;
  for (let i = 0; i < d; i++) {
    const x = m[p + i]!;
    const y = m[q + i]!;
    m[p + i] = c * x - s * y;
    m[q + i] = s * x + c * y;
  }
  return true;
}

function rowEnergy(m: Float64Array, start: number, d: number): number {
  let sum = 0;
  for (let i = start; i < start + d; i++) sum += m[i]! ** 2;
  return sum;
}
