/**
 * Eigenvalues of a real symmetric tridiagonal matrix, largest first, by implicit QL (Bowdler, Martin, Reinsch and
 * Wilkinson, Numer. Math. 11, 1968). `diagonal` has n entries, `below` n − 1.
 */
export function tridiagonalEigenvalues(diagonal: Float64Array, below: Float64Array): Float64Array {
  const n = diagonal.length;
  const d = diagonal.slice();
  const e = new Float64Array(n);
  e.set(below);
  for (let l = 0; l < n; l++) {
    // Each eigenvalue settles in two or three sweeps; thirty without settling happens only for values that are not finite.
    for (let sweep = 0; sweep < 30; sweep++) {
      let m = l;
      while (m < n - 1 && Math.abs(e[m]!) > Number.EPSILON * (Math.abs(d[m]!) + Math.abs(d[m + 1]!))) m++;
      if (m === l) break;
      sweepFrom(l, m, d, e);
    }
  }
  return d.sort().reverse();
}

/** One implicit QL sweep over the unreduced block l … m with Wilkinson's shift. */
function sweepFrom(l: number, m: number, d: Float64Array, e: Float64Array): void {
  let g = (d[l + 1]! - d[l]!) / (2 * e[l]!);
  let r = Math.hypot(g, 1);
  g = d[m]! - d[l]! + e[l]! / (g + (g >= 0 ? r : -r));
  let s = 1;
  let c = 1;
  let p = 0;
  for (let i = m - 1; i >= l; i--) {
    const f = s * e[i]!;
    const b = c * e[i]!;
    r = Math.sqrt(f * f + g * g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] = d[i + 1]! - p;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1]! - p;
    const t = (d[i]! - g) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = g + p;
    g = c * t - b;
  }
  d[l] = d[l]! - p;
  e[l] = g;
  e[m] = 0;
}

/**
 * Orthonormal eigenvectors that belong to `values` (descending) by inverse iteration, `[values.length, n]`. Every vector is
 * made orthogonal to those before it, so clustered values get a basis of their common space.
 */
export function tridiagonalEigenvectors(
  diagonal: Float64Array,
  below: Float64Array,
  values: Float64Array,
): Float64Array {
  const n = diagonal.length;
  const vectors = new Float64Array(values.length * n);
  const scale = Math.max(...values.map(Math.abs), Number.MIN_VALUE);
  const solver = new ShiftedSolver(diagonal, below);
  let previous = Infinity;
  values.forEach((value, index) => {
    // Equal shifts would give the same vector again: keep them a hair apart.
    const shift = Math.min(value, previous - 4 * Number.EPSILON * scale);
    previous = shift;
    solver.factorise(shift, Number.EPSILON * scale);
    const vector = vectors.subarray(index * n, (index + 1) * n);
    for (let i = 0; i < n; i++) vector[i] = startingValue(i + index);
    solver.solve(vector);
    normaliseVector(vector);
    // The second solution is already exact to rounding; orthogonal to the others it is after the second pass (Parlett).
    for (let pass = 0; pass < 2; pass++) {
      if (pass === 0) solver.solve(vector);
      normaliseVector(vector);
      for (let earlier = 0; earlier < index; earlier++) {
        removeComponent(vector, vectors.subarray(earlier * n, (earlier + 1) * n));
      }
      normaliseVector(vector);
    }
  });
  return vectors;
}

/** A fixed irregular sequence on [−1, 1]: no eigenvector is orthogonal to it by symmetry. */
function startingValue(i: number): number {
  return 2 * ((i * 0.6180339887498949 + 0.37) % 1) - 1;
}

function normaliseVector(v: Float64Array): void {
  let largest = 0;
  for (const x of v) largest = Math.max(largest, Math.abs(x));
  let sum = 0;
  for (const x of v) sum += (x / largest) ** 2;
  const factor = 1 / (largest * Math.sqrt(sum));
  for (let i = 0; i < v.length; i++) v[i] = v[i]! * factor;
}

function removeComponent(v: Float64Array, unit: Float64Array): void {
  let dot = 0;
  for (let i = 0; i < v.length; i++) dot += v[i]! * unit[i]!;
  for (let i = 0; i < v.length; i++) v[i] = v[i]! - dot * unit[i]!;
}

/** Solves (T − shift·1)·x = b for a symmetric tridiagonal T, by Gauss elimination with partial pivoting. */
class ShiftedSolver {
  private readonly n: number;
  private readonly diagonal: Float64Array;
  private readonly below: Float64Array;
  private readonly pivot: Float64Array;
  private readonly right: Float64Array;
  private readonly second: Float64Array;
  private readonly factor: Float64Array;
  private readonly swapped: Uint8Array;

  constructor(diagonal: Float64Array, below: Float64Array) {
    const n = diagonal.length;
    this.n = n;
    this.diagonal = diagonal;
    this.below = below;
    this.pivot = new Float64Array(n);
    this.right = new Float64Array(n);
    this.second = new Float64Array(n);
    this.factor = new Float64Array(n);
    this.swapped = new Uint8Array(n);
  }

  /** `smallest` replaces a vanishing pivot: the shift is an eigenvalue, so the last pivot always nearly vanishes. */
  factorise(shift: number, smallest: number): void {
    const { n, diagonal, below, pivot, right, second, factor, swapped } = this;
    let p = diagonal[0]! - shift;
    let q = n > 1 ? below[0]! : 0;
    for (let i = 0; i < n - 1; i++) {
      const under = below[i]!;
      const next = diagonal[i + 1]! - shift;
      const beyond = i + 1 < n - 1 ? below[i + 1]! : 0;
      swapped[i] = Math.abs(under) > Math.abs(p) ? 1 : 0;
      if (swapped[i] === 1) {
        const f = p / under;
        pivot[i] = under;
        right[i] = next;
        second[i] = beyond;
        factor[i] = f;
        p = q - f * next;
        q = -f * beyond;
      } else {
        if (Math.abs(p) < smallest) p = smallest;
        const f = under / p;
        pivot[i] = p;
        right[i] = q;
        second[i] = 0;
        factor[i] = f;
        p = next - f * q;
        q = beyond;
      }
    }
    pivot[n - 1] = Math.abs(p) < smallest ? smallest : p;
  }

  /** In place. */
  solve(b: Float64Array): void {
    const { n, pivot, right, second, factor, swapped } = this;
    for (let i = 0; i < n - 1; i++) {
      const upper = b[i]!;
      const lower = b[i + 1]!;
      b[i] = swapped[i] === 1 ? lower : upper;
      b[i + 1] = (swapped[i] === 1 ? upper : lower) - factor[i]! * b[i]!;
    }
    b[n - 1] = b[n - 1]! / pivot[n - 1]!;
    if (n > 1) b[n - 2] = (b[n - 2]! - right[n - 2]! * b[n - 1]!) / pivot[n - 2]!;
    for (let i = n - 3; i >= 0; i--) {
      b[i] = (b[i]! - right[i]! * b[i + 1]! - second[i]! * b[i + 2]!) / pivot[i]!;
    }
  }
}
