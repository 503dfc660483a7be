import { ReconKernels } from '../kernels/recon-kernels.ts';
import { multiplyAdjointReference, multiplyAdjointSimd } from './complex-product.ts';
import type { MultiplyAdjoint } from './complex-product.ts';
import { eigenvectorsAtReference } from './espirit-eigen.ts';
import type { EigenvectorsAt } from './espirit-eigen.ts';
import { eigenvectorsAtSimd } from './espirit-eigen-simd.ts';
import { transformPlanesReference } from './fft-reference.ts';
import { transformPlanesSimd } from './fft-simd.ts';
import type { TransformPlanes } from './fft-steps.ts';
import { tridiagonaliseReference, tridiagonaliseSimd } from './hermitian-reduction.ts';
import type { Tridiagonalise } from './hermitian-reduction.ts';
import { interpolateMapsReference } from './map-interpolation.ts';
import type { InterpolateMaps } from './map-interpolation.ts';
import { interpolateMapsSimd } from './map-interpolation-simd.ts';

/**
 * The few computations in which all the time goes. Everything else is written once, upon these; each exists as readable
 * TypeScript in 64 bits, the reference, and as WebAssembly kernels that are held to it by tests.
 */
export interface Engine {
  readonly name: 'simd' | 'reference';
  readonly transformPlanes: TransformPlanes;
  readonly multiplyAdjoint: MultiplyAdjoint;
  readonly tridiagonalise: Tridiagonalise;
  readonly eigenvectorsAt: EigenvectorsAt;
  readonly interpolateMaps: InterpolateMaps;
}

export const referenceEngine: Engine = {
  name: 'reference',
  transformPlanes: transformPlanesReference,
  multiplyAdjoint: multiplyAdjointReference,
  tridiagonalise: tridiagonaliseReference,
  eigenvectorsAt: eigenvectorsAtReference,
  interpolateMaps: interpolateMapsReference,
};

/** The kernels on the calling thread. @throws IsochromatError `kernels-missing`, `kernels-stale` */
export function simdEngine(kernels = new ReconKernels()): Engine {
  return {
    name: 'simd',
    transformPlanes: (planes, steps) => transformPlanesSimd(kernels, planes, steps),
    multiplyAdjoint: (a, b, lower) => multiplyAdjointSimd(kernels, a, b, lower),
    tridiagonalise: (matrix) => tridiagonaliseSimd(kernels, matrix),
    // Two sets of maps are rare; the kernels know one.
    eigenvectorsAt: (operator, raster, reference, sets) =>
      sets === 1
        ? eigenvectorsAtSimd(kernels, operator, raster, reference)
        : eigenvectorsAtReference(operator, raster, reference, sets),
    interpolateMaps: (coarse, from, to, reference) =>
      coarse.sets === 1
        ? interpolateMapsSimd(kernels, coarse, from, to, reference)
        : interpolateMapsReference(coarse, from, to, reference),
  };
}

let chosen: Engine | undefined;

/** The engine of this thread: the kernels, compiled on first use. */
export function engine(): Engine {
  chosen ??= simdEngine();
  return chosen;
}

/** For tests and benchmarks: from now on this engine; returns the one before. */
export function chooseEngine(next: Engine): Engine {
  const before = engine();
  chosen = next;
  return before;
}
