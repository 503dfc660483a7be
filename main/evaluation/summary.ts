/** Mean and spread of repeated measurements. `standardDeviation` is the sample's (n − 1), null where n < 2. */
export interface Summary {
  n: number;
  mean: number | null;
  standardDeviation: number | null;
}

/** Summary of the finite values; those that are null (an infinite PSNR, a class that is absent) are left out of n. */
export function summarise(values: Iterable<number | null>): Summary {
  const finite = [...values].filter((value): value is number => value !== null && Number.isFinite(value));
  const n = finite.length;
  if (n === 0) return { n, mean: null, standardDeviation: null };
  const mean = finite.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { n, mean, standardDeviation: null };
  const squares = finite.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { n, mean, standardDeviation: Math.sqrt(squares / (n - 1)) };
}
