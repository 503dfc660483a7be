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
  /** Over the volumes with a label; null unless both classes are there. */
  auroc: { auroc: number; interval: readonly [number, number]; positives: number; negatives: number } | null;
}
