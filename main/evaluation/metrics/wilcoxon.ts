import { midranks } from './auroc.ts';
import { normalTwoSided } from './normal.ts';
import { requireSameLength } from './phase-coherence.ts';

/** Above this many non-zero differences the normal approximation is as good as the exact distribution. */
const EXACT_UP_TO = 50;

/**
 * Wilcoxon's signed-rank test of two paired series, two-sided. Pairs that are equal are left out (Wilcoxon 1945). Exact
 * up to 50 pairs, with tied differences too (the permutation distribution of the midranks); beyond, the normal
 * approximation with the correction for ties. `statistic` is the smaller of the two rank sums.
 */
export function wilcoxonSignedRank(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): { statistic: number; p: number; n: number } {
  requireSameLength('Wilcoxon test', first, second);
  const differences = Array.from(first, (value, i) => value - second[i]!).filter((d) => d !== 0);
  const n = differences.length;
  if (n === 0) return { statistic: 0, p: 1, n };
  const ranks = midranks(differences.map(Math.abs));
  let positive = 0;
  let total = 0;
  for (let i = 0; i < n; i++) {
    total += ranks[i]!;
    if (differences[i]! > 0) positive += ranks[i]!;
  }
  const statistic = Math.min(positive, total - positive);
  if (n <= EXACT_UP_TO) return { statistic, p: exactTwoSided(ranks, statistic), n };
  // Var = Σ rank² / 4; with midranks this contains the correction for ties.
  const variance = ranks.reduce((sum, rank) => sum + rank * rank, 0) / 4;
  return { statistic, p: normalTwoSided((statistic - total / 2) / Math.sqrt(variance)), n };
}

/** Doubled midranks are whole, so that the number of sign patterns for each rank sum can be counted by convolution. */
function exactTwoSided(ranks: Float64Array, statistic: number): number {
  const doubled = Array.from(ranks, (rank) => Math.round(2 * rank));
  const total = doubled.reduce((sum, rank) => sum + rank, 0);
  const probability = new Float64Array(total + 1);
  probability[0] = 1;
  for (const rank of doubled) {
    for (let sum = total; sum >= 0; sum--) {
      probability[sum] = 0.5 * (probability[sum]! + (sum >= rank ? probability[sum - rank]! : 0));
    }
  }
  const lower = Math.round(2 * statistic);
  let p = 0;
  for (let sum = 0; sum <= lower; sum++) p += probability[sum]!;
  return Math.min(1, 2 * p);
}
