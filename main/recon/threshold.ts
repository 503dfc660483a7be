const BINS = 256;

/** A split of values into two classes. */
export interface Split {
  readonly threshold: number;
  readonly meanBelow: number;
  readonly meanAbove: number;
}

/**
 * Otsu's threshold (IEEE Trans. Syst. Man Cybern. 9, 1979): the split of the histogram that maximises the variance
 * between the classes. Undefined when all values are equal. Values above `ceiling` count as `ceiling`.
 */
export function otsuThreshold(values: Float32Array, ceiling = Infinity): Split | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, Math.min(value, ceiling));
  }
  if (!(high > low)) return undefined;
  const width = (high - low) / BINS;
  const counts = new Float64Array(BINS);
  const sums = new Float64Array(BINS);
  for (const value of values) {
    const kept = Math.min(value, ceiling);
    const bin = Math.min(BINS - 1, Math.floor((kept - low) / width));
    counts[bin] = counts[bin]! + 1;
    sums[bin] = sums[bin]! + kept;
  }
  const total = sums.reduce((a, b) => a + b, 0);
  let best: Split | undefined;
  let largest = -1;
  let below = 0;
  let sumBelow = 0;
  for (let bin = 0; bin < BINS - 1; bin++) {
    below += counts[bin]!;
    sumBelow += sums[bin]!;
    const above = values.length - below;
    if (below === 0 || above === 0) continue;
    const meanBelow = sumBelow / below;
    const meanAbove = (total - sumBelow) / above;
    const between = below * above * (meanAbove - meanBelow) ** 2;
    if (between > largest) {
      largest = between;
      best = { threshold: low + (bin + 1) * width, meanBelow, meanAbove };
    }
  }
  return best;
}

/** The value that the given share of all values stays below. */
export function quantile(values: Float32Array, share: number): number {
  const sorted = values.slice().sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
