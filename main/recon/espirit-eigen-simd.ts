import type { ReconKernels } from '../kernels/recon-kernels.ts';
import { SUBSPACE_ITERATIONS } from './block-eigen.ts';
import type { RasterPoints } from './espirit-eigen.ts';
import { rasterPositions, wavesAt } from './espirit-polynomial.ts';
import type { EspiritOperator, Split } from './espirit-polynomial.ts';
import type { Eigenvectors, PhaseReference } from './phase-convention.ts';

/** One set of eigenvectors by the kernels, a raster row at a time. See `eigenvectorsAtReference`. */
export function eigenvectorsAtSimd(
  kernels: ReconKernels,
  operator: EspiritOperator,
  { rows, columns, points }: RasterPoints,
  reference: PhaseReference,
): Eigenvectors {
  const { coils, pairs, order } = operator;
  const span = 2 * order + 1;
  const count = points.length;
  const vectors = new Float32Array(2 * coils * count);
  const values = new Float32Array(count);
  kernels.reset();
  const coefficients = kernels.put(interleaved(operator));
  const down = kernels.put(interleaved(wavesAt(rasterPositions(rows), order)));
  const across = kernels.put(interleaved(wavesAt(rasterPositions(columns), order)));
  const inRow = kernels.put(points.map((point) => point % columns));
  const u = kernels.put(interleaved(reference));
  const to = kernels.reserve(vectors.byteLength);
  const toValues = kernels.reserve(values.byteLength);
  const work = kernels.reserve(32 * (span + coils * coils + 4 * coils) + 8 * pairs * span + 64);
  for (let i = 0; i < count;) {
    const row = Math.floor(points[i]! / columns);
    let next = i + 1;
    while (next < count && points[next]! < (row + 1) * columns) next++;
    kernels.call.eigenvectorsOfRow(
      coils,
      span,
      SUBSPACE_ITERATIONS,
      coefficients,
      down + 8 * span * row,
      across,
      inRow + 4 * i,
      next - i,
      u,
      to + 8 * i,
      8 * count,
      toValues + 4 * i,
      work,
    );
    i = next;
  }
  kernels.copyOut(to, vectors);
  kernels.copyOut(toValues, values);
  return { sets: 1, coils, count, vectors, values };
}

/** re, im, re, im … in 32 bits. */
export function interleaved({ re, im }: Split): Float32Array {
  const out = new Float32Array(2 * re.length);
  for (let i = 0; i < re.length; i++) {
    out[2 * i] = re[i]!;
    out[2 * i + 1] = im[i]!;
  }
  return out;
}
