/** AUROC over repeated runs on one test set, with an interval over volumes. */
export interface AurocEstimate {
  /** One value a run (seed, or seed × synthetic test set). */
  runs: number[];
  /** Mean over runs; null where a class is absent. */
  mean: number | null;
  /** Over runs (training variability only), null below two runs. */
  standardDeviation: number | null;
  /** 95 % percentile bootstrap over volumes of the mean (sampling variability); null where it cannot be had. */
  interval: readonly [low: number, high: number] | null;
  /** Test items of each class in one run. */
  positives: number;
  negatives: number;
  /** Independent groups (volumes; a synthetic patch is its own). */
  groups: number;
}
