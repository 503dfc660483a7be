import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../main/domain/random.ts';
import { BlockEigenSolver } from '../../main/recon/block-eigen.ts';
import { chooseEngine, referenceEngine, simdEngine } from '../../main/recon/engine.ts';
import type { Engine } from '../../main/recon/engine.ts';
import { leadingEigenvectors } from '../../main/recon/hermitian-eigen.ts';
import { tridiagonalEigenvalues, tridiagonalEigenvectors } from '../../main/recon/tridiagonal-eigen.ts';

/** Σ_k weight_k·x_k·x_kᴴ with random x_k: Hermitian, not negative. */
function hermitian(n: number, weights: readonly number[], seed: number | string) {
  const re = new Float64Array(n * n);
  const im = new Float64Array(n * n);
  const random = new Random(seed);
  for (const weight of weights) {
    const x = random.normals(2 * n);
    for (let a = 0; a < n; a++) {
      for (let b = 0; b < n; b++) {
        re[a * n + b]! += weight * (x[2 * a]! * x[2 * b]! + x[2 * a + 1]! * x[2 * b + 1]!);
        im[a * n + b]! += weight * (x[2 * a + 1]! * x[2 * b]! - x[2 * a]! * x[2 * b + 1]!);
      }
    }
  }
  return { n, rows: n, columns: n, re, im };
}

type Vectors = { values: Float64Array; re: Float64Array; im: Float64Array };

/** Largest |A·v − λ·v| and largest deviation of the vectors from orthonormality. */
function faults({ n, re, im }: ReturnType<typeof hermitian>, { values, re: vRe, im: vIm }: Vectors) {
  let residual = 0;
  let overlap = 0;
  values.forEach((value, k) => {
    for (let a = 0; a < n; a++) {
      let [x, y] = [-value * vRe[k * n + a]!, -value * vIm[k * n + a]!];
      for (let b = 0; b < n; b++) {
        x += re[a * n + b]! * vRe[k * n + b]! - im[a * n + b]! * vIm[k * n + b]!;
        y += re[a * n + b]! * vIm[k * n + b]! + im[a * n + b]! * vRe[k * n + b]!;
      }
      residual = Math.max(residual, Math.hypot(x, y));
    }
    for (let other = 0; other <= k; other++) {
      let [x, y] = [other === k ? -1 : 0, 0];
      for (let a = 0; a < n; a++) {
        x += vRe[other * n + a]! * vRe[k * n + a]! + vIm[other * n + a]! * vIm[k * n + a]!;
        y += vRe[other * n + a]! * vIm[k * n + a]! - vIm[other * n + a]! * vRe[k * n + a]!;
      }
      overlap = Math.max(overlap, Math.hypot(x, y));
    }
  });
  return { residual, overlap };
}

describe.each([
  ['the kernels', () => simdEngine()],
  ['the reference', () => referenceEngine],
] as [string, () => Engine][])('leading eigenvectors of a Hermitian matrix by %s', (_name, choose) => {
  let before: Engine;
  beforeAll(() => {
    before = chooseEngine(choose());
  });
  afterAll(() => {
    chooseEngine(before);
  });

  it('solve A·v = λ·v and are orthonormal, for any rank', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 45 }), fc.integer(), (n, rank, seed) => {
        const matrix = hermitian(
          n,
          Array.from({ length: rank }, (_, k) => 0.8 ** k),
          seed,
        );
        const copy = { ...matrix, re: matrix.re.slice(), im: matrix.im.slice() };
        const result = leadingEigenvectors(copy, 1e-3);
        const { residual, overlap } = faults(matrix, result);
        expect(residual / result.values[0]!).toBeLessThan(1e-10);
        expect(overlap).toBeLessThan(1e-10);
        expect([...result.values]).toEqual([...result.values].sort((a, b) => b - a));
      }),
    );
  });

  it('span the whole space of an eigenvalue that comes several times', () => {
    const n = 6;
    const re = new Float64Array(n * n);
    for (let i = 0; i < n; i++) re[i * n + i] = i < 4 ? 2 : 0.001;
    const matrix = { n, rows: n, columns: n, re, im: new Float64Array(n * n) };
    const result = leadingEigenvectors({ ...matrix, re: re.slice(), im: matrix.im.slice() }, 0.5);
    expect(result.values).toHaveLength(4);
    const { residual, overlap } = faults(matrix, result);
    expect(residual).toBeLessThan(1e-12);
    expect(overlap).toBeLessThan(1e-12);
  });

  it('keep those above the threshold only', () => {
    const n = 5;
    const re = new Float64Array(n * n);
    [1, 0.5, 0.02, 0.009, 0].forEach((value, i) => (re[i * n + i] = value));
    expect([...leadingEigenvectors({ rows: n, columns: n, re, im: new Float64Array(n * n) }, 0.01).values]).toEqual([
      1, 0.5, 0.02,
    ]);
  });
});

describe('a tridiagonal matrix', () => {
  it('of second differences has its known eigenvalues and eigenvectors', () => {
    const n = 50;
    const diagonal = new Float64Array(n).fill(2);
    const below = new Float64Array(n - 1).fill(-1);
    const values = tridiagonalEigenvalues(diagonal, below);
    values.forEach((value, k) => expect(value).toBeCloseTo(2 + 2 * Math.cos((Math.PI * (k + 1)) / (n + 1)), 12));
    const [first] = [tridiagonalEigenvectors(diagonal, below, values.subarray(0, 3)).subarray(0, n)];
    const exact = Array.from({ length: n }, (_, i) => (-1) ** i * Math.sin((Math.PI * (i + 1)) / (n + 1)));
    const norm = Math.sqrt(exact.reduce((sum, v) => sum + v * v, 0));
    const dot = exact.reduce((sum, v, i) => sum + (v * first[i]!) / norm, 0);
    expect(Math.abs(dot)).toBeCloseTo(1, 12);
  });
});

describe('the small block solver', () => {
  const solve = (matrix: ReturnType<typeof hermitian>, wanted: number): BlockEigenSolver => {
    const solver = new BlockEigenSolver(matrix.n, wanted);
    let at = 0;
    for (let a = 0; a < matrix.n; a++) {
      for (let b = a; b < matrix.n; b++, at++) {
        solver.matrixRe[at] = matrix.re[a * matrix.n + b]!;
        solver.matrixIm[at] = matrix.im[a * matrix.n + b]!;
      }
    }
    solver.solve();
    return solver;
  };

  it('separates two eigenvalues that nearly coincide', () => {
    const n = 8;
    const re = new Float64Array(n * n);
    [0.999, 0.998, 0.4, 0.3, 0.2, 0.1, 0.05, 0.01].forEach((value, i) => (re[i * n + i] = value));
    // Mixed by rotations, so that no axis is an eigenvector.
    const mixed = { n, rows: n, columns: n, re, im: new Float64Array(n * n) };
    for (let i = 0; i < n - 1; i++) rotateMatrix(mixed, i, i + 1, 0.7 + i / 5);
    const solver = solve(mixed, 1);
    expect(solver.values[0]).toBeCloseTo(0.999, 9);
    const first = { values: solver.values.slice(0, 1), re: solver.re.slice(0, n), im: solver.im.slice(0, n) };
    expect(faults(mixed, first).residual).toBeLessThan(1e-5);
  });

  it('agrees with the large solver for one and two wanted vectors', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 16 }), fc.constantFrom(1, 2), fc.integer(), (n, wanted, seed) => {
        const matrix = hermitian(n, [1, 0.5, 0.01], seed);
        const exact = leadingEigenvectors({ ...matrix, re: matrix.re.slice(), im: matrix.im.slice() }, 1e-9);
        const { values } = solve(matrix, wanted);
        expect(values[0]! / exact.values[0]!).toBeCloseTo(1, 6);
      }),
      { numRuns: 60 },
    );
  });
});

/** A ← Gᵀ·A·G with a rotation of axes i and j, real. */
function rotateMatrix({ n, re }: { n: number; re: Float64Array }, i: number, j: number, angle: number): void {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  for (const [step, other] of [
    [1, n],
    [n, 1],
  ] as const) {
    for (let k = 0; k < n; k++) {
      const a = re[i * other + k * step]!;
      const b = re[j * other + k * step]!;
      re[i * other + k * step] = c * a + s * b;
      re[j * other + k * step] = c * b - s * a;
    }
  }
}
