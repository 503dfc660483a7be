import { readFileSync } from 'node:fs';
import { readNpyAs } from '../../main/formats/npy.ts';
import { referenceFile } from '../data.ts';

/** Values of scikit-image, scikit-learn, SciPy and statsmodels. */
export interface StatisticsReference {
  roc: {
    labels: number[];
    scores: number[];
    scores_b: number[];
    auroc: number;
    auroc_b: number;
    delong_variance: number;
    delong_z: number;
    delong_p: number;
    brier: number;
  }[];
  proportions: {
    successes: number;
    trials: number;
    wilson_95: [number, number];
    clopper_pearson_95: [number, number];
    binomial_two_sided_p_half: number;
  }[];
  kappa: Record<'reader_1' | 'reader_2' | 'reader_3' | 'confidence_1' | 'confidence_2', number[]> &
    Record<'cohen_1_2' | 'fleiss' | 'cohen_linear' | 'cohen_quadratic', number>;
  paired: { a: number[]; b: number[]; t: number; p: number; wilcoxon_p: number };
  top_five_percent: { probabilities: number[]; patches: number; used: number; score: number }[];
}

export const statistics = JSON.parse(readFileSync(referenceFile('statistics.json'), 'utf8')) as StatisticsReference;

export const imageMetrics = JSON.parse(readFileSync(referenceFile('image_metrics.json'), 'utf8')) as {
  phase_coherence: number;
  ssim: number;
  psnr_db: number | null;
  mean_absolute_error: number;
}[];

/** The eight 96 × 96 brain patches that the image metrics were computed on. */
export async function referencePatches(
  name: 'target' | 'prediction',
): Promise<{ rows: number; columns: number; data: Float32Array }[]> {
  const { shape, data } = await readNpyAs(referenceFile(`patches_${name}.npy`), 'complex64');
  const [count = 0, rows = 0, columns = 0] = shape;
  const length = 2 * rows * columns;
  return Array.from({ length: count }, (_, k) => ({
    rows,
    columns,
    data: data.subarray(k * length, (k + 1) * length),
  }));
}
