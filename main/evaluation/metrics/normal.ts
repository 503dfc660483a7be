/** The 97.5 % point of the standard normal distribution: half-width of a two-sided 95 % interval. */
export const Z95 = 1.959963984540054;

/**
 * Upper tail P(Z > z) of the standard normal for z ≥ 0, = ½ erfc(z/√2). Series below 2.5, Lentz's continued fraction
 * above (Abramowitz & Stegun 7.1.5, 7.1.14), so that small p values keep their relative precision.
 */
export function normalUpperTail(z: number): number {
  if (Number.isNaN(z)) return NaN;
  if (z < 0) return 1 - normalUpperTail(-z);
  if (z < 2.5) {
    let term = z;
    let sum = z;
    for (let k = 1; Math.abs(term) > 1e-17 * sum; k++) {
      term *= (z * z) / (2 * k + 1);
      sum += term;
    }
    return 0.5 - density(z) * sum;
  }
  // Mills' ratio: 1/(z + 1/(z + 2/(z + 3/(z + …)))), evaluated from the far end.
  let fraction = z;
  for (let k = 120; k >= 1; k--) fraction = z + k / fraction;
  return density(z) / fraction;
}

/** Two-sided p value of a standard normal statistic. */
export function normalTwoSided(z: number): number {
  return Math.min(1, 2 * normalUpperTail(Math.abs(z)));
}

function density(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}
