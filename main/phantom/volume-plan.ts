import type { Sequence } from '../domain/sequences.ts';
import type { TissueClass } from '../domain/tissue.ts';
import type { FieldStrength } from './signal/protocols.ts';

/** Groups of lesions that occur together in a patient. */
export const DISEASES = ['mass', 'small vessel', 'demyelination', 'microbleeds', 'cavernoma', 'cyst'] as const;
export type Disease = (typeof DISEASES)[number];

/** Everything that determines one volume of the phantom: rendering a plan twice gives the same bytes. */
export interface VolumePlan {
  /** File name without extension, in fastMRI's manner: `file_brain_AXT2_900_9000001`. */
  readonly file: string;
  readonly sequence: Sequence;
  /** What the reader will have said; `unlabeled` volumes are healthy or diseased, and nobody looked. */
  readonly tissueClass: TissueClass;
  readonly patientId: string;
  /** Seed of anatomy and lesions: all volumes of a patient share it. */
  readonly patientSeed: string;
  /** Seed of what differs between acquisitions: coils, gain, background field, noise. */
  readonly acquisitionSeed: string;
  readonly diseases: readonly Disease[];
  readonly fieldStrength: FieldStrength;
  readonly slices: number;
  /** Rows and columns of the image; k-space has twice as many rows (readout oversampling). */
  readonly size: number;
  readonly coils: number;
  /** Signal of white matter over the standard deviation of the noise in the combined image. */
  readonly signalToNoise: number;
}

/** Field of view in mm, square, as in fastMRI's brain data. */
export const FIELD_OF_VIEW = 220;
/** Thickness in mm of a slice. */
export const SLICE_THICKNESS = 5;

/**
 * Centres of the slices in scanner mm, from the cerebellum to below the vertex. Each stands in the middle of an equal share of that
 * range, so that few slices show the cerebrum rather than skull base and vertex.
 */
export function slicePositions(slices: number): number[] {
  const [low, high] = [-32, 60];
  return Array.from({ length: slices }, (_, i) => low + ((high - low) * (i + 0.5)) / slices);
}
