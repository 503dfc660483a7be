import type { ComplexImage } from '../domain/complex.ts';
import type { Sequence } from '../domain/sequences.ts';
import type { Split, TissueClass } from '../domain/tissue.ts';
import type { DownstreamResult } from '../evaluation/downstream.ts';
import type { RealismResult } from '../evaluation/realism.ts';
import type { PatchReconstruction, ReconstructionSummary } from '../evaluation/reconstruction.ts';
import type { VolumeScoresResult } from '../evaluation/volume-score.ts';

/** Why a part of the report is absent: shown in its place, so that nothing disappears silently. */
export interface NotRun {
  /** A sentence: "No synthetic patches were generated in this study." */
  notRun: string;
}
export type Section<T> = T | NotRun;

export function wasRun<T extends object>(section: Section<T>): section is T {
  return !('notRun' in section);
}

/** Everything that a report shows; gathered from a study by its caller, turned into HTML by `renderReport`. */
export interface ReportData {
  study: { id: string; name: string; /** ISO 8601 */ created?: string };
  /** When the report was made, ISO 8601; passed in, the report reads no clock. */
  generated: string;
  data: DataDescription;
  /** Table 1: how many volumes and patches of each kind. */
  patchTable: Section<PatchCount[]>;
  /** Real and synthetic patches side by side; one entry a sequence. Draw them at random: the page says that they were. */
  samples: Section<SampleGroup[]>;
  reconstruction: Section<ReconstructionSection>;
  training: Section<TrainingCurve[]>;
  realism: Section<RealismResult>;
  downstream: Section<DownstreamResult>;
  volumeScores: Section<VolumeScoreSection[]>;
  stages: Section<StageCost[]>;
  provenance: Provenance;
}

export interface DataDescription {
  /** `phantom` = made by this program, no human was scanned; `mixed` = a phantom and acquired data. */
  kind: 'phantom' | 'acquired' | 'mixed';
  /** What the data are, one paragraph each: origin, field strength, matrix, coils, lesions. */
  paragraphs: string[];
  /** Facts for a small table: `['Matrix', '320 × 320']`. */
  facts?: readonly (readonly [label: string, value: string])[];
}

export interface PatchCount {
  sequence: Sequence;
  tissue: TissueClass;
  split: Split;
  volumes: number;
  patches: number;
}

export interface SampleGroup {
  sequence: Sequence;
  real: CaptionedImage[];
  /** Empty where none were generated. */
  synthetic: CaptionedImage[];
}

/** A complex image with what stands below it: "normal", "abnormal · w = 2 · seed 7". */
export interface CaptionedImage {
  image: ComplexImage;
  caption?: string;
}

export interface ReconstructionSection {
  /** One table a set: "Held-out phantom patches", "Included acquisition …". */
  sets: { name: string; rows: ReconstructionSummary[] }[];
  examples: ReconstructionExample[];
}

export interface ReconstructionExample {
  /** "AXFLAIR · volume 12 · slice 3". */
  name: string;
  target: ComplexImage;
  reconstruction: ComplexImage;
  metrics: PatchReconstruction;
}

/** The metrics of one training run, straight from its `metrics.jsonl`. */
export interface TrainingCurve {
  /** "Autoencoder", "Flow, stage 1". */
  name: string;
  run: string;
  /** What is on the vertical axis: "loss (L1 + 0.5 gradient + 0.001 KL)". */
  quantity: string;
  /** Non-finite values are gaps. */
  series: { name: string; steps: ArrayLike<number>; values: ArrayLike<number> }[];
  logarithmic?: boolean;
}

export interface VolumeScoreSection {
  /** "Held-out phantom volumes", "External volumes". */
  name: string;
  result: VolumeScoresResult;
  /** What the score comes from: "classifier run 4f2a, trained on real patches". */
  classifier?: string;
}

export interface StageCost {
  name: string;
  seconds: number;
  peakMemoryBytes?: number;
  /** "369 patches/s", "2,996 steps". */
  note?: string;
}

export interface Provenance {
  /** Program version, backend, device, operating system, Node: `['Backend', 'cpu-simd, 2 threads']`. */
  environment: readonly (readonly [label: string, value: string])[];
  /** `['Split', '2024']`, `['Flow', '1']`. */
  seeds: readonly (readonly [name: string, seed: string | number])[];
  /** Every input and derived item that the report's numbers rest on. */
  items: { name: string; id: string; sha256?: string; detail?: string }[];
}
