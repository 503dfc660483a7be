import type { IdentifyingValue } from '../../domain/identity.ts';
import type { WorkContext } from '../../domain/progress.ts';
import type { SequenceGuess } from '../../formats/sequence-guess.ts';
import type { CoilSink, PreparedVolume, ReconstructionInfo } from '../../recon/index.ts';
import type { TechnicalFacts } from './technical-facts.ts';

/** A file as the walk found it. */
export interface SourceFile {
  path: string;
  bytes: number;
  mtimeMs: number;
}

/** Something that is not imported, and why. */
export interface Refusal {
  path: string;
  code: string;
  reason: string;
}

/** What identifies a person or a visit. Lives in memory only; the study gets keyed hashes of it. */
export interface Identity {
  /** null: the file names nobody. */
  patient: string | null;
  /** What annotations may call this volume: a file's name without extension, or a series. */
  name: string;
  study: string | null;
  series: string | null;
}

/** One volume as found: nothing was written yet. Survives a structured clone. */
export interface FoundVolume {
  format: string;
  sequence: SequenceGuess;
  /** `k-space`, or those of magnitude, phase, real, imaginary that are there. */
  components: readonly string[];
  /** What its complex values are formed from, in words: `magnitude + phase`. */
  pairing: string;
  hasPhase: boolean;
  slices: number;
  rows: number;
  columns: number;
  coils: number | null;
  files: readonly string[];
  /** Technical facts: all that the study keeps of the header. */
  facts: TechnicalFacts;
  identity: Identity;
  /** Name of the scan where it is known to hold no identity. */
  publicName?: string;
  /** What a user should know. */
  notes: readonly string[];
  /** Several volumes of the same files are numbered in the order of this text. */
  order: string;
  /** What `convert` of the same handler needs. */
  source: unknown;
}

export interface Findings {
  volumes: FoundVolume[];
  refused: Refusal[];
}

/** Complex slices as the study stores them. */
export interface ConvertedVolume extends Omit<PreparedVolume, 'secondImage'> {
  /** Where it was reconstructed from k-space. */
  reconstruction: ReconstructionInfo | null;
}

/**
 * One link of the import chain: everything that is particular to a format. Recognise and read see one file, on a worker thread
 * that is ended when it hangs or dies; pair sees all readings; convert makes one volume, on a worker thread again.
 * Adding a format = one file with a handler, and its entry in the registry.
 */
export interface FormatHandler<Reading = unknown> {
  readonly format: string;
  /** How people call it. */
  readonly title: string;
  /** Endings that names of such files usually have. They decide nothing but whether a file that is not recognised is worth a word. */
  readonly endings: RegExp;
  /** Whether the first bytes (up to {@link START_BYTES}) are those of such a file. */
  recognises(start: Uint8Array): boolean;
  /**
   * Reads what one file holds, no more of it than needed.
   * @returns undefined when the file is of another format after all
   * @throws IsochromatError when it is one of these, and cannot be used
   */
  read(file: SourceFile, options: ReadOptions): Promise<Reading | undefined>;
  /** Puts the files together. The order of the readings plays no part. */
  pair(readings: readonly Reading[]): Findings;
  /** @throws IsochromatError when it cannot be read after all */
  convert(volume: FoundVolume, context: WorkContext, options?: ConvertOptions): Promise<ConvertedVolume>;
  /** What one file says of whom it is about, name by name: to be shown once. Read as guardedly as `read` is. */
  identify(path: string): Promise<IdentifyingValue[]>;
}

export interface ConvertOptions {
  /** Takes what k-space holds of each coil; formats of finished images have nothing for it. */
  coilSink?: CoilSink;
  /** These slices, ascending; default all. */
  only?: readonly number[];
}

export interface ReadOptions {
  /** Decode compressed pixels too, so that what is damaged is known before an import. */
  thorough: boolean;
}

/** HDF5 allows its signature to stand at 2048 and before. */
export const START_BYTES = 4096;
