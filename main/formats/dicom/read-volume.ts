import { stat } from 'node:fs/promises';
import { IsochromatError } from '../../domain/errors.ts';
import type { Component } from './component.ts';
import type { DicomFrame } from './frame.ts';
import type { DicomVolume } from './pair.ts';
import { parseDicom } from './parse.ts';
import { openPixels } from './pixel-data.ts';
import type { PixelReader } from './pixel-data.ts';
import { readDicomBytes } from './read-bytes.ts';
import type { Stack } from './stacks.ts';
import { scalingOf } from './values.ts';

/** One slice as measured: complex samples interleaved, or magnitudes alone. */
export interface DicomSlice {
  kind: 'complex' | 'magnitude';
  /** `2 · rows · columns` interleaved, or `rows · columns`. */
  data: Float32Array;
}

/**
 * Reads the slices of a volume in order, or some of them. Memory is bounded by one slice of each component and the last file read, which is kept,
 * as enhanced files hold many frames.
 */
export async function* readSlices(
  volume: DicomVolume,
  only: Iterable<number> = Array(volume.slices).keys(),
): AsyncGenerator<DicomSlice> {
  const files = new RecentFiles();
  for (const slice of only) {
    const values = (component: Component): Promise<Float32Array> =>
      physicalValues(files, volume.stacks[component]!, slice, component);
    if (volume.basis === 'magnitude') {
      yield { kind: 'magnitude', data: await values('magnitude') };
    } else if (volume.basis === 'real+imaginary') {
      yield { kind: 'complex', data: interleave(await values('real'), await values('imaginary')) };
    } else {
      yield { kind: 'complex', data: polar(await values('magnitude'), await values('phase')) };
    }
  }
}

async function physicalValues(
  files: RecentFiles,
  stack: Stack,
  slice: number,
  component: Component,
): Promise<Float32Array> {
  const frame = stack.frames[slice]!;
  const scaling = scalingOf(frame, component);
  if (scaling === undefined) throw unknownPhaseUnits(frame);
  const pixels = await files.open(frame.path);
  const stored = await pixels.read(frame.frame);
  const { slope, intercept } = scaling;
  const values = new Float32Array(stored.length);
  for (let i = 0; i < values.length; i++) values[i] = stored[i]! * slope + intercept;
  return values;
}

export function unknownPhaseUnits(frame: DicomFrame): IsochromatError {
  return new IsochromatError({
    code: 'dicom-unknown-phase-units',
    sentence: 'Nothing in the file says what the phase values mean.',
    subject: frame.path,
    expected: 'a known vendor, or a rescale type of rad or mrad',
    found: `${frame.manufacturer || 'no manufacturer'}, rescale type "${frame.rescale?.type ?? ''}"`,
  });
}

/** Bytes of the files that are kept, where they are more than one. */
const MOST_KEPT = 640 * 2 ** 20;

/** The pixel readers of the files used last: one for each component, where the memory has room for them. */
class RecentFiles {
  private readonly kept = new Map<string, { bytes: number; reader: PixelReader }>();

  async open(path: string): Promise<PixelReader> {
    const known = this.kept.get(path);
    if (known !== undefined) return known.reader;
    const { size: bytes } = await stat(path);
    const total = (): number => [...this.kept.values()].reduce((sum, file) => sum + file.bytes, bytes);
    while (this.kept.size > 3 || (this.kept.size > 0 && total() > MOST_KEPT))
      this.kept.delete(this.kept.keys().next().value!);
    const reader = openPixels(parseDicom(await readDicomBytes(path), path));
    this.kept.set(path, { bytes, reader });
    return reader;
  }
}

function interleave(re: Float32Array, im: Float32Array): Float32Array {
  const out = new Float32Array(2 * re.length);
  for (let i = 0; i < re.length; i++) {
    out[2 * i] = re[i]!;
    out[2 * i + 1] = im[i]!;
  }
  return out;
}

/** M·exp(iφ) */
function polar(magnitude: Float32Array, phase: Float32Array): Float32Array {
  const out = new Float32Array(2 * magnitude.length);
  for (let i = 0; i < magnitude.length; i++) {
    out[2 * i] = magnitude[i]! * Math.cos(phase[i]!);
    out[2 * i + 1] = magnitude[i]! * Math.sin(phase[i]!);
  }
  return out;
}
