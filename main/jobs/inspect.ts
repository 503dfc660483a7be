import type { WorkContext } from '../domain/progress.ts';
import type { Sequence } from '../domain/sequences.ts';
import type { VolumeGeometry } from '../formats/volume-geometry.ts';
import { findVolumes } from './intake/find.ts';
import type { NumberedVolume } from './intake/find.ts';
import type { Refusal } from './intake/handler.ts';
import { scannerOf } from './intake/technical-facts.ts';

/** What a file or folder is: the document that `inspect --json` prints. */
export interface Inspection {
  volumes: InspectedVolume[];
  refused: Refusal[];
  /** Files of other kinds among them. */
  otherFiles: number;
}

export interface InspectedVolume {
  format: string;
  /** A guess to be confirmed; null where it is none of ours, or nothing tells. */
  sequence: Sequence | null;
  sequenceConfidence: 'certain' | 'likely' | 'unsure';
  sequenceReason: string;
  components: readonly string[];
  /** What complex values are formed from. */
  pairing: string;
  hasPhase: boolean;
  slices: number;
  rows: number;
  columns: number;
  coils: number | null;
  files: readonly string[];
  scanner: string | null;
  /** Milliseconds. */
  echoTimes: readonly number[];
  repetitionTimes: readonly number[];
  inversionTimes: readonly number[];
  /** Millimetres between rows and between columns. */
  pixelSpacing: readonly [number, number] | null;
  geometry: VolumeGeometry | null;
  phaseUnits: string | null;
  burnedInAnnotation: boolean;
  notes: readonly string[];
}

export interface InspectOptions {
  /** Rather than what the files say. */
  sequence?: Sequence;
  threads?: number;
}

/**
 * Says what files and folders hold: volumes, what their complex values are formed from, and what would be refused and
 * why. Compressed pixels are decoded, so that what is damaged is known. Writes nothing.
 * @throws IsochromatError `cancelled`
 */
export async function inspectPaths(
  paths: readonly string[],
  options: InspectOptions = {},
  context: WorkContext = {},
): Promise<Inspection> {
  const threads = options.threads === undefined ? {} : { threads: options.threads };
  const { volumes, refused, otherFiles } = await findVolumes(paths, { thorough: true, ...threads }, context);
  return { volumes: volumes.map((volume) => describeVolume(volume, options.sequence)), refused, otherFiles };
}

/** What is told of a volume that was found. */
export function describeVolume(volume: NumberedVolume, chosen?: Sequence): InspectedVolume {
  const { format, sequence, components, pairing, hasPhase, slices, rows, columns, coils, files, facts, notes } = volume;
  return {
    format,
    sequence: chosen ?? sequence.sequence,
    sequenceConfidence: chosen === undefined ? sequence.confidence : 'certain',
    sequenceReason: chosen === undefined ? sequence.reason : 'Chosen by the user.',
    components,
    pairing,
    hasPhase,
    slices,
    rows,
    columns,
    coils,
    files,
    scanner: scannerOf(facts),
    echoTimes: facts.echoTimes,
    repetitionTimes: facts.repetitionTimes,
    inversionTimes: facts.inversionTimes,
    pixelSpacing: facts.originalPixelSpacing,
    geometry: facts.geometry,
    phaseUnits: facts.phaseUnits,
    burnedInAnnotation: facts.burnedInAnnotation,
    notes,
  };
}
