import type { ReconKernels } from '../kernels/recon-kernels.ts';
import { interleaved } from './espirit-eigen-simd.ts';
import { LENGTH_TOLERANCE, SMALLEST_PROJECTION } from './map-interpolation.ts';
import type { InterpolatedMaps, RasterSize } from './map-interpolation.ts';
import { cubicTaps } from './periodic-interpolation.ts';
import type { Eigenvectors, PhaseReference } from './phase-convention.ts';

/** Rows that are computed before they are copied out: few enough to stay in the cache. */
const BLOCK = 16;

/** One set of maps by the kernels. See `interpolateMapsReference`. */
export function interpolateMapsSimd(
  kernels: ReconKernels,
  { coils, vectors }: Eigenvectors,
  from: RasterSize,
  to: RasterSize,
  reference: PhaseReference,
): InterpolatedMaps {
  const { rows, columns } = to;
  // Whole groups of four samples.
  const lineBytes = 32 * Math.ceil(columns / 4);
  kernels.reset();
  const source = kernels.put(vectors);
  const across = cubicTaps(from.columns, columns);
  const acrossOffsets = kernels.put(Uint32Array.from(across.indices, (index) => 8 * index));
  const acrossWeights = kernels.put(across.weights);
  const down = cubicTaps(from.rows, rows);
  const downOffsets = kernels.put(Uint32Array.from(down.indices, (index) => lineBytes * index));
  const downWeights = kernels.put(down.weights);
  const u = kernels.put(interleaved(reference));
  const lines = kernels.reserve(coils * from.rows * lineBytes);
  const block = kernels.reserve(coils * BLOCK * columns * 8);
  const flags = kernels.reserve(rows * columns);
  const work = kernels.reserve(32 * coils);
  for (let line = 0; line < coils * from.rows; line++) {
    const start = source + 8 * line * from.columns;
    kernels.call.stretchLine(start, lines + line * lineBytes, columns, acrossOffsets, acrossWeights);
  }
  const out = new Float32Array(2 * coils * rows * columns);
  for (let first = 0; first < rows; first += BLOCK) {
    const height = Math.min(BLOCK, rows - first);
    for (let y = first; y < first + height; y++) {
      kernels.call.mapRow(
        coils,
        columns,
        lines,
        from.rows * lineBytes,
        downOffsets + 16 * y,
        downWeights + 16 * y,
        u,
        block + 8 * (y - first) * columns,
        8 * BLOCK * columns,
        flags + y * columns,
        LENGTH_TOLERANCE,
        SMALLEST_PROJECTION,
        work,
      );
    }
    for (let c = 0; c < coils; c++) {
      const start = 2 * (c * rows + first) * columns;
      kernels.copyOut(block + 8 * c * BLOCK * columns, out.subarray(start, start + 2 * height * columns));
    }
  }
  const rough = new Uint8Array(rows * columns);
  kernels.copyOut(flags, rough);
  return { vectors: out, rough: indicesOfOnes(rough) };
}

function indicesOfOnes(flags: Uint8Array): Uint32Array {
  const indices = new Uint32Array(flags.reduce((sum, flag) => sum + flag, 0));
  for (let i = 0, n = 0; i < flags.length; i++) if (flags[i] === 1) indices[n++] = i;
  return indices;
}
