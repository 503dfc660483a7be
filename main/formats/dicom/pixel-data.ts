import type { DataSet } from 'dicom-parser';
import { IsochromatError } from '../../domain/errors.ts';
import { fitsInMemory, IMAGE_LIMIT } from '../image-limits.ts';
import { decodeJpegLossless } from './codecs/jpeg-lossless.ts';
import { decodeJpegSequential } from './codecs/jpeg-sequential.ts';
import { decodeRle } from './codecs/rle.ts';
import { decodeJpeg2000, decodeJpegLs } from './codecs/webassembly.ts';
import type { DecodedFrame } from './codecs/webassembly.ts';
import { splitFrames } from './fragments.ts';
import type { DicomFile } from './parse.ts';

/** How the pixels of an image are laid out (PS3.3 C.7.6.3). */
export interface PixelLayout {
  rows: number;
  columns: number;
  frames: number;
  bitsAllocated: 8 | 16 | 32;
  bitsStored: number;
  signed: boolean;
}

/** Stored values (before rescale) of every frame, read one at a time. */
export interface PixelReader {
  layout: PixelLayout;
  /** Row-major, rows · columns values. */
  read(frame: number): Promise<Int32Array>;
}

/**
 * @throws IsochromatError `dicom-no-pixels`, `dicom-bad-size`, `dicom-colour`, `dicom-bad-depth`,
 *   `dicom-unsupported-syntax`, `dicom-truncated`; `read` throws `dicom-undecodable`
 */
export function openPixels(file: DicomFile): PixelReader {
  const { dataSet, path, syntax } = file;
  const element = dataSet.elements['x7fe00010'];
  if (element === undefined || dataSet.elements['x00280010'] === undefined) {
    throw new IsochromatError({ code: 'dicom-no-pixels', sentence: 'This DICOM file holds no image.', subject: path });
  }
  const layout = readLayout(dataSet, path);
  if (syntax.compression === 'unsupported') {
    throw new IsochromatError({
      code: 'dicom-unsupported-syntax',
      sentence: `The pixels are stored as ${syntax.name}, which cannot be read.`,
      subject: path,
      found: syntax.uid,
      remedy: 'Export the series uncompressed (Explicit VR Little Endian).',
    });
  }
  const pixels = layout.rows * layout.columns;
  const frameBytes = (pixels * layout.bitsAllocated) / 8;
  if (syntax.compression === 'none') {
    // Deflated content was unpacked, a bare file given a preamble: the data set's own bytes count.
    const all = dataSet.byteArray as Uint8Array;
    const available = Math.min(element.length, all.length - element.dataOffset);
    if (available < frameBytes * layout.frames) {
      throw truncated(path, frameBytes * layout.frames, available);
    }
    return {
      layout,
      read: async (frame) => {
        const start = element.dataOffset + frame * frameBytes;
        return widen(all.subarray(start, start + frameBytes), layout, syntax.bigEndian);
      },
    };
  }
  const compressed = splitFrames(dataSet, element, layout.frames);
  if (compressed === undefined) {
    throw new IsochromatError({
      code: 'dicom-truncated',
      sentence: 'The compressed frames do not fit the number of images that the header states.',
      subject: path,
      expected: `${layout.frames} frames`,
      remedy: 'Export it again from the archive.',
    });
  }
  return { layout, read: (frame) => decode(file, compressed[frame]!, layout, pixels) };
}

async function decode(file: DicomFile, encoded: Uint8Array, layout: PixelLayout, pixels: number): Promise<Int32Array> {
  const failed = (reason: string, cause?: unknown): IsochromatError =>
    new IsochromatError({
      code: 'dicom-undecodable',
      sentence: `The ${file.syntax.name} pixels are damaged or cut off.`,
      subject: file.path,
      found: reason,
      remedy: 'Export it again from the archive.',
      cause,
    });
  if (file.syntax.compression === 'rle') {
    const bytes = decodeRle(encoded, pixels, layout.bitsAllocated / 8);
    if (bytes === undefined) throw failed('segments that do not fit the image');
    return widen(bytes, layout, false);
  }
  let decoded: DecodedFrame;
  try {
    const decoder = DECODERS[file.syntax.compression as keyof typeof DECODERS];
    decoded = await decoder(encoded, file.syntax.lossy);
  } catch (thrown) {
    throw failed(
      typeof thrown === 'string' ? thrown : thrown instanceof Error ? thrown.message : `code ${String(thrown)}`,
      thrown,
    );
  }
  const { rows, columns, samplesPerPixel, bitsPerSample, bytes } = decoded;
  const width = bitsPerSample > 8 ? 2 : 1;
  if (rows !== layout.rows || columns !== layout.columns || samplesPerPixel !== 1 || bytes.length < pixels * width) {
    throw failed(
      `${rows} × ${columns} × ${samplesPerPixel} in ${bytes.length} bytes, where the header says ${layout.rows} × ${layout.columns}`,
    );
  }
  return widen(bytes.subarray(0, pixels * width), { ...layout, bitsAllocated: width === 2 ? 16 : 8 }, false);
}

const DECODERS = {
  'jpeg-sequential': async (encoded: Uint8Array) => decodeJpegSequential(encoded),
  'jpeg-lossless': async (encoded: Uint8Array) => decodeJpegLossless(encoded),
  'jpeg-ls': decodeJpegLs,
  'jpeg-2000': decodeJpeg2000,
};

function readLayout(dataSet: DataSet, path: string): PixelLayout {
  const number = (tag: string): number => dataSet.uint16(tag) ?? 0;
  const [rows, columns] = [number('x00280010'), number('x00280011')];
  const frames = Number(dataSet.string('x00280008') ?? 1);
  const [bitsAllocated, samples] = [number('x00280100'), dataSet.uint16('x00280002') ?? 1];
  if (rows < 1 || columns < 1 || !fitsInMemory(rows, columns)) {
    throw new IsochromatError({
      code: 'dicom-bad-size',
      sentence: 'The image has an impossible size.',
      subject: path,
      expected: IMAGE_LIMIT,
      found: `${rows} × ${columns}`,
    });
  }
  if (!Number.isInteger(frames) || frames < 1 || frames > 1_000_000) {
    throw new IsochromatError({
      code: 'dicom-bad-size',
      sentence: 'The number of frames makes no sense.',
      subject: path,
      expected: 'a whole number from 1',
      found: String(dataSet.string('x00280008')),
    });
  }
  if (samples !== 1) {
    throw new IsochromatError({
      code: 'dicom-colour',
      sentence: 'This is a colour image; MR signals have one value a pixel.',
      subject: path,
      found: `${samples} samples per pixel`,
    });
  }
  const bitsStored = dataSet.uint16('x00280101') ?? bitsAllocated;
  if (
    (bitsAllocated !== 8 && bitsAllocated !== 16 && bitsAllocated !== 32) ||
    bitsStored < 1 ||
    bitsStored > bitsAllocated
  ) {
    throw new IsochromatError({
      code: 'dicom-bad-depth',
      sentence: 'The pixels have a depth that cannot be read.',
      subject: path,
      expected: '8, 16 or 32 bits allocated, and no more stored',
      found: `${bitsAllocated} allocated, ${bitsStored} stored`,
    });
  }
  return { rows, columns, frames, bitsAllocated, bitsStored, signed: dataSet.uint16('x00280103') === 1 };
}

/** Little- or big-endian samples to whole numbers. */
function widen(bytes: Uint8Array, { bitsAllocated, signed }: PixelLayout, bigEndian: boolean): Int32Array {
  const width = bitsAllocated / 8;
  const out = new Int32Array(bytes.length / width);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = !bigEndian;
  // Unsigned 32-bit values beyond 2³¹ do not occur in MR; they would show as negative.
  for (let i = 0; i < out.length; i++) {
    if (width === 2) out[i] = signed ? view.getInt16(2 * i, little) : view.getUint16(2 * i, little);
    else if (width === 1) out[i] = signed ? view.getInt8(i) : bytes[i]!;
    else out[i] = signed ? view.getInt32(4 * i, little) : view.getUint32(4 * i, little);
  }
  return out;
}

function truncated(path: string, expected: number, found: number): IsochromatError {
  return new IsochromatError({
    code: 'dicom-truncated',
    sentence: 'The pixel data are shorter than the header says.',
    subject: path,
    expected: `${expected} bytes`,
    found: `${found} bytes`,
    remedy: 'Export it again from the archive.',
  });
}
