import type { ComplexArray } from '../domain/complex.ts';
import { IsochromatError } from '../domain/errors.ts';

/** The fully sampled centre of one slice's k-space, from which coil sensitivities are learned. */
export interface Calibration {
  readonly coils: number;
  readonly rows: number;
  readonly columns: number;
  /** `[coils, rows, columns]`, interleaved. */
  readonly data: Float32Array;
}

/** Rows and columns of the calibration region where k-space is large enough (Uecker 2014 uses 24 × 24). */
export const CALIBRATION_SIZE = 24;
/** The smallest side that still gives kernels of six samples a choice of positions. */
const SMALLEST_CALIBRATION = 8;

/**
 * Cuts the calibration region out of one slice: the largest block of at most `size` × `size` samples around the centre
 * (⌊n/2⌋) in which every position was acquired, that is, some coil is not zero there. A block cut short on one side,
 * by zero-filled columns of a partial acquisition, extends on the other.
 *
 * @param kspace one slice, `[coils, rows, columns]`, centred
 * @throws IsochromatError `calibration-not-finite`, `calibration-empty`, `calibration-too-small`
 */
export function calibrationRegion(kspace: ComplexArray, size = CALIBRATION_SIZE): Calibration {
  const [coils, rows, columns] = kspace.shape as readonly [number, number, number];
  const acquired = acquiredNearCentre(kspace, size);
  const block = largestBlock(acquired, rows, columns, size);
  if (block === undefined) {
    throw new IsochromatError({
      code: 'calibration-empty',
      sentence: 'The centre of k-space was not acquired, so coil sensitivities cannot be estimated.',
      expected: 'measured samples around the centre of k-space',
      found: 'zeros in every coil',
    });
  }
  if (coils > 1 && Math.min(block.rows, block.columns) < SMALLEST_CALIBRATION) {
    throw new IsochromatError({
      code: 'calibration-too-small',
      sentence: 'Too little of the centre of k-space is fully sampled to estimate coil sensitivities.',
      expected: `at least ${SMALLEST_CALIBRATION} × ${SMALLEST_CALIBRATION} samples without a gap`,
      found: `${block.rows} × ${block.columns}`,
      remedy: 'Use an acquisition with more central lines, or one that was reconstructed by the scanner.',
    });
  }
  const data = new Float32Array(2 * coils * block.rows * block.columns);
  for (let c = 0, to = 0; c < coils; c++) {
    for (let r = 0; r < block.rows; r++, to += 2 * block.columns) {
      const from = 2 * ((c * rows + block.top + r) * columns + block.left);
      data.set(kspace.data.subarray(from, from + 2 * block.columns), to);
    }
  }
  if (!data.every(Number.isFinite)) {
    throw new IsochromatError({
      code: 'calibration-not-finite',
      sentence: 'The centre of k-space holds values that are not numbers.',
      expected: 'finite samples',
      found: 'NaN or infinity',
      remedy: 'Export this acquisition again; the slice is left out.',
    });
  }
  return { coils, rows: block.rows, columns: block.columns, data };
}

interface Block {
  top: number;
  left: number;
  rows: number;
  columns: number;
}

/** For each position whether any coil holds a sample there; only positions within `reach` of the centre are looked at. */
function acquiredNearCentre({ shape, data }: ComplexArray, reach: number): Uint8Array {
  const [coils, rows, columns] = shape as readonly [number, number, number];
  const acquired = new Uint8Array(rows * columns);
  const [top, bottom] = around(rows, reach);
  const [left, right] = around(columns, reach);
  for (let c = 0; c < coils; c++) {
    for (let r = top; r < bottom; r++) {
      for (let x = left; x < right; x++) {
        const at = r * columns + x;
        const from = 2 * (c * rows * columns + at);
        // `!==` and not `>`: NaN counts as acquired and is refused later, by name.
        if (data[from] !== 0 || data[from + 1] !== 0) acquired[at] = 1;
      }
    }
  }
  return acquired;
}

function around(length: number, reach: number): [number, number] {
  const centre = Math.floor(length / 2);
  return [Math.max(0, centre - reach), Math.min(length, centre + reach)];
}

/** Over all heights, the block of complete columns around the centre with the most samples; the squarer one on a tie. */
function largestBlock(acquired: Uint8Array, rows: number, columns: number, size: number): Block | undefined {
  let best: Block | undefined;
  for (let height = Math.min(size, rows); height >= 1; height--) {
    const top = Math.floor(rows / 2) - Math.floor(height / 2);
    const complete = (x: number): boolean => {
      for (let r = top; r < top + height; r++) if (acquired[r * columns + x] === 0) return false;
      return true;
    };
    const run = runAroundCentre(complete, columns, size);
    if (run === undefined) continue;
    const area = height * run.length;
    if (best === undefined || area > best.rows * best.columns) {
      best = { top, left: run.start, rows: height, columns: run.length };
    }
  }
  return best;
}

/** The run of at most `size` positions that holds the centre and is nearest to symmetric around it. */
function runAroundCentre(
  holds: (index: number) => boolean,
  length: number,
  size: number,
): { start: number; length: number } | undefined {
  const centre = Math.floor(length / 2);
  if (!holds(centre)) return undefined;
  let first = centre;
  let last = centre;
  while (first > 0 && centre - first < size && holds(first - 1)) first--;
  while (last < length - 1 && last - centre < size && holds(last + 1)) last++;
  const wanted = Math.min(size, last - first + 1);
  const start = Math.min(Math.max(centre - Math.floor(wanted / 2), first), last + 1 - wanted);
  return { start, length: wanted };
}
