import { asIsochromatError, reasonOf } from '../../domain/errors.ts';
import { classify } from './component.ts';
import { firstFrameOf, framesOf, patientOf } from './frame.ts';
import { pairStacks } from './pair.ts';
import type { DicomVolume } from './pair.ts';
import { parseDicom } from './parse.ts';
import type { DicomFile } from './parse.ts';
import { openPixels } from './pixel-data.ts';
import type { PixelReader } from './pixel-data.ts';
import { readDicomBytes } from './read-bytes.ts';
import { withRemedy } from './remedies.ts';
import { buildStacks, groupBy } from './stacks.ts';
import type { ClassifiedFrame, RefusedFrames } from './stacks.ts';
import type { ValueRange } from '../phase-units.ts';
import { withKnownUnits } from './units.ts';
import { scalingOf } from './values.ts';

export interface DicomFindings {
  volumes: DicomVolume[];
  refused: RefusedFrames[];
}

/** What one file holds. */
export interface DicomReading {
  path: string;
  frames: ClassifiedFrame[];
  refused: RefusedFrames[];
  /** Whom it is about; see {@link patientOf}. */
  patient: string | undefined;
}

/**
 * Reads one file's header, and its pixels where only they can tell what it is. Never throws for a bad file.
 * @param thorough decode compressed pixels as well: what is damaged is then refused here and not when it is imported
 */
export async function readDicomFile(path: string, bytes?: Uint8Array, thorough = false): Promise<DicomReading> {
  const reading: DicomReading = { path, frames: [], refused: [], patient: undefined };
  try {
    const file = parseDicom(bytes ?? (await readDicomBytes(path)), path);
    reading.patient = patientOf(file);
    const whole = classify(firstFrameOf(file));
    if ('keptOut' in whole && whole.keptOut.code === 'dicom-not-mr') {
      return { ...reading, refused: [{ paths: [path], ...whole.keptOut }] };
    }
    // Before the frames are listed: how many there are is held against the bytes that there are.
    const pixels = openPixels(file);
    for (const frame of framesOf(file)) {
      const found = classify(frame);
      if ('keptOut' in found) reading.refused.push({ paths: [path], ...found.keptOut });
      else reading.frames.push({ frame, ...found });
    }
    if (reading.frames.length > 0) await checkPixels(file, pixels, reading, thorough);
    return reading;
  } catch (thrown) {
    const error = asIsochromatError(thrown, path);
    return {
      ...reading,
      frames: [],
      refused: [{ paths: [path], code: error.code, reason: reasonOf(error) }],
    };
  }
}

/**
 * What only pixels tell: a signed "magnitude" with negative values is a field map (GE says so nowhere); the range of a phase
 * whose units the header leaves open.
 */
async function checkPixels(
  file: DicomFile,
  pixels: PixelReader,
  reading: DicomReading,
  thorough: boolean,
): Promise<void> {
  const decode = thorough && file.syntax.compression !== 'none';
  for (const { frame, component } of reading.frames) {
    const suspicious = component === 'magnitude' && frame.signed;
    const open = component === 'phase' && scalingOf(frame, 'phase') === undefined;
    if (!decode && !suspicious && !open) continue;
    const stored = await pixels.read(frame.frame);
    const { slope, intercept } = frame.rescale ?? { slope: 1, intercept: 0 };
    if (open) frame.valueRange = rangeOf(stored, slope, intercept);
    if (!suspicious || !stored.some((value) => value * slope + intercept < 0)) continue;
    reading.frames = [];
    const reason =
      'The values are signed where a magnitude cannot be: this is a field map, not an image of the signal.';
    reading.refused.push({ paths: [file.path], code: 'dicom-field-map', reason });
    return;
  }
}

function rangeOf(stored: Int32Array, slope: number, intercept: number): ValueRange {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const value of stored) {
    lowest = Math.min(lowest, value * slope + intercept);
    highest = Math.max(highest, value * slope + intercept);
  }
  return { lowest, highest };
}

/** Which volumes the files form, in whatever order they came. */
export function findDicomVolumes(readings: readonly DicomReading[]): DicomFindings {
  const sorted = [...readings].sort((a, b) => (a.path < b.path ? -1 : 1));
  const { stacks, refused } = buildStacks(sorted.flatMap(({ frames }) => frames));
  const meant = withKnownUnits(stacks);
  const paired = pairStacks(meant.stacks);
  const own = sorted.flatMap((reading) => reading.refused);
  return {
    volumes: paired.volumes,
    refused: gather([...own, ...refused, ...meant.refused, ...paired.refused]).map(withRemedy),
  };
}

/** Gathers DICOM files one by one, in any order, and says at the end which volumes they form. */
export class DicomCollection {
  private readonly readings: DicomReading[] = [];

  async add(path: string, bytes?: Uint8Array): Promise<void> {
    this.readings.push(await readDicomFile(path, bytes));
  }

  findings(): DicomFindings {
    return findDicomVolumes(this.readings);
  }
}

/** One entry a reason, with all its files. */
function gather(refused: readonly RefusedFrames[]): RefusedFrames[] {
  return [...groupBy(refused, ({ code, reason }) => `${code} ${reason}`).values()].map((group) => ({
    ...group[0]!,
    paths: [...new Set(group.flatMap(({ paths }) => paths))].sort(),
  }));
}
