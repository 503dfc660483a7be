import { IsochromatError } from '../domain/errors.ts';
import { delong } from './metrics/delong.ts';

/** The score of one volume: how suspicious its most suspicious patches are. */
export interface VolumeScore {
  id: string;
  /** Mean of the `used` highest patch probabilities. */
  score: number;
  patches: number;
  used: number;
  /** 1 = abnormal, 0 = normal, null = not known. */
  label: 0 | 1 | null;
}

export interface VolumeScoresResult {
  /** Highest score first. */
  volumes: VolumeScore[];
  /** Over the volumes with a label, with DeLong's interval (a volume is one independent item); null without both classes. */
  auroc: { auroc: number; interval: readonly [number, number]; positives: number; negatives: number } | null;
}

/**
 * Mean of the top ⌈5 %⌉ of patch probabilities, at least one: a lesion fills few of a volume's patches, and a plain mean
 * would drown it. n / 20 and not 0.05·n, whose rounding error would lift 140 patches from 7 to 8.
 */
export function topScore(probabilities: ArrayLike<number>): { score: number; patches: number; used: number } {
  const patches = probabilities.length;
  const descending = Float64Array.from(probabilities).sort().reverse();
  if (patches === 0 || descending.some((value) => !Number.isFinite(value))) {
    throw new IsochromatError({
      code: 'volume-score-input',
      sentence: 'A volume cannot be scored from these patch probabilities.',
      expected: 'at least one patch, and finite numbers only',
      found: patches === 0 ? 'no patch' : 'values that are not finite',
      ...(patches === 0 ? { remedy: 'Check the brain mask and the slice range of this volume.' } : {}),
    });
  }
  const used = Math.ceil(patches / 20);
  let sum = 0;
  for (let i = 0; i < used; i++) sum += descending[i]!;
  return { score: sum / used, patches, used };
}

/** Scores volumes from their patches' probabilities and ranks them; the AUROC is over the labelled ones. */
export function scoreVolumes(
  volumes: readonly { id: string; label: 0 | 1 | null; probabilities: ArrayLike<number> }[],
): VolumeScoresResult {
  return rankVolumes(volumes.map(({ id, label, probabilities }) => ({ id, ...topScore(probabilities), label })));
}

/** Ranks volumes by their scores, with the AUROC over the labelled ones. */
export function rankVolumes(volumes: readonly VolumeScore[]): VolumeScoresResult {
  const scored = [...volumes].sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  const known = scored.filter((volume) => volume.label !== null);
  const positives = known.filter((volume) => volume.label === 1).length;
  if (positives === 0 || positives === known.length) return { volumes: scored, auroc: null };
  const { auroc, interval, negatives } = delong({
    labels: known.map((volume) => volume.label!),
    scores: known.map((volume) => volume.score),
  });
  return { volumes: scored, auroc: { auroc, interval, positives, negatives } };
}
