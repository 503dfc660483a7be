const BINS = 1024;

/** A split of values into two classes. */
export interface Split {
  readonly threshold: number;
  readonly meanBelow: number;
  readonly meanAbove: number;
}

/**
 * Otsu's threshold (IEEE Trans. Syst. Man Cybern. 9, 1979): the split of the histogram that maximises the variance
 * between the classes. Undefined when all values are equal. The brightest values, all but the share `below`, count as
 * the least bright of them.
 */
export function otsuThreshold(values: Float32Array, below = 1): Split | undefined {
  const { low, width, counts } = histogram(values);
  if (!(width > 0)) return undefined;
  gatherAbove(counts, below * values.length);
  const centre = (bin: number): number => low + (bin + 0.5) * width;
  const total = counts.reduce((sum, count, bin) => sum + count * centre(bin), 0);
  let best: Split | undefined;
  let largest = -1;
  let darker = 0;
  let sum = 0;
  for (let bin = 0; bin < BINS - 1; bin++) {
    darker += counts[bin]!;
    sum += counts[bin]! * centre(bin);
    const brighter = values.length - darker;
    if (darker === 0 || brighter === 0) continue;
    const meanBelow = sum / darker;
    const meanAbove = (total - sum) / brighter;
    const between = darker * brighter * (meanAbove - meanBelow) ** 2;
    if (between > largest) {
      largest = between;
      best = { threshold: low + (bin + 1) * width, meanBelow, meanAbove };
    }
  }
  return best;
}

function histogram(values: Float32Array): { low: number; width: number; counts: Float64Array } {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const width = (high - low) / BINS;
  const counts = new Float64Array(BINS);
  if (width > 0) for (const value of values) counts[Math.min(BINS - 1, Math.floor((value - low) / width))]!++;
  return { low, width, counts };
}

/** Moves what lies above the first `kept` values into the bin where those end. */
function gatherAbove(counts: Float64Array, kept: number): void {
  let seen = 0;
  let last = -1;
  for (let bin = 0; bin < BINS; bin++) {
    if (last >= 0) {
      counts[last]! += counts[bin]!;
      counts[bin] = 0;
    }
    seen += counts[bin]!;
    if (last < 0 && seen >= kept) last = bin;
  }
}
