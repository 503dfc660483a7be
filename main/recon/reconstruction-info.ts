import type { Calibration } from './calibration.ts';
import type { EspiritOptions } from './espirit.ts';
import type { KspaceSource } from './kspace-source.ts';

/** What was done, for the provenance of the volume. */
export interface ReconstructionInfo {
  readonly coils: number;
  /** The smallest calibration region among the slices. */
  readonly calibration: { readonly rows: number; readonly columns: number };
  /** The image's own matrix before it was resized in k-space; `resizedPosition` carries boxes over. */
  readonly matrix: { readonly rows: number; readonly columns: number };
  readonly mapSets: number;
  readonly eigenvalueCrop: number;
  /** Share of k-space positions that were measured, 1 for a complete acquisition. */
  readonly sampled: number;
  /** Missing samples were taken as zero: magnitude and phase carry aliasing. */
  readonly undersampled: boolean;
  /** What a reader of the images should know, in sentences. */
  readonly notes: readonly string[];
}

/** Less than this share is an undersampled acquisition; scanners leave out a corner now and then. */
const COMPLETE = 0.98;

export function describeReconstruction(
  source: KspaceSource,
  { sets = 1, eigenvalueCrop = 0 }: EspiritOptions,
  calibrations: readonly Calibration[],
  sampled: number,
): ReconstructionInfo {
  const calibration = {
    rows: Math.min(...calibrations.map((c) => c.rows)),
    columns: Math.min(...calibrations.map((c) => c.columns)),
  };
  const masked = Array.from(source.columnMask ?? []).some((measured) => !measured);
  const undersampled = masked || sampled < COMPLETE;
  const notes: string[] = [];
  if (undersampled) {
    const share = Math.round(100 * sampled);
    notes.push(
      `Undersampled: ${share} % of k-space was measured, the rest taken as zero, so the image carries aliasing.`,
    );
  }
  if (source.readout > source.reconRows) {
    notes.push(`Readout oversampling removed: ${source.readout} to ${source.reconRows} rows.`);
  }
  if (source.coils === 1) notes.push('Single coil: no sensitivities were estimated, the phase is that of the coil.');
  const matrix = { rows: source.reconRows, columns: source.reconColumns };
  return { coils: source.coils, calibration, matrix, mapSets: sets, eigenvalueCrop, sampled, undersampled, notes };
}
