/** Middle and spread of some measurements. */
export interface Spread {
  median: number;
  lowerQuartile: number;
  upperQuartile: number;
  best: number;
}

/** @param values higher is better */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    median: at(sorted, 0.5),
    lowerQuartile: at(sorted, 0.25),
    upperQuartile: at(sorted, 0.75),
    best: at(sorted, 1),
  };
}

/** Quantile by linear interpolation. */
function at(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? Number.NaN;
  return low + (place - below) * ((sorted[below + 1] ?? low) - low);
}
