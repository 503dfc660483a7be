import { constants, inflateRawSync } from 'node:zlib';
import dicomParser from 'dicom-parser';
import type { DataSet } from 'dicom-parser';
import { IsochromatError } from '../../domain/errors.ts';
import { transferSyntax } from './transfer-syntax.ts';
import type { TransferSyntax } from './transfer-syntax.ts';

/** Deflated files of real scanners shrink to a third; what grows beyond this is no image. */
const LARGEST_INFLATED = 256 * 1024 * 1024;
const LARGEST_INFLATION = 200;

export interface DicomFile {
  path: string;
  dataSet: DataSet;
  syntax: TransferSyntax;
}

/** True where the bytes may be DICOM: the `DICM` mark, or a first element as files without preamble have it. */
export function looksLikeDicom(bytes: Uint8Array): boolean {
  return hasPreamble(bytes) || bareSyntax(bytes) !== undefined;
}

/**
 * Parses a whole file. Missing preamble, meta header, group length or transfer syntax are forgiven where the content
 * leaves no doubt, as other readers do.
 * @throws IsochromatError `dicom-not-dicom`, `dicom-truncated`, `dicom-invalid`, `dicom-inflated-too-large`
 */
export function parseDicom(bytes: Uint8Array, path: string): DicomFile {
  const bare = hasPreamble(bytes) ? undefined : bareSyntax(bytes);
  if (!hasPreamble(bytes) && bare === undefined) {
    throw new IsochromatError({
      code: 'dicom-not-dicom',
      sentence: bytes.length === 0 ? 'The file is empty.' : 'This is not a DICOM file.',
      subject: path,
      expected: 'the letters DICM after 128 bytes, or a DICOM data element at the start',
    });
  }
  const inflater = (all: Uint8Array, position: number): Uint8Array => inflate(all, position, path);
  try {
    const fallback = bare ?? syntaxAfterMeta(bytes);
    const source = bare === undefined ? bytes : withPreamble(bytes, bare);
    const dataSet = dicomParser.parseDicom(source, { inflater, ...(fallback ? { TransferSyntaxUID: fallback } : {}) });
    const uid = dataSet.string('x00020010') ?? fallback ?? '1.2.840.10008.1.2';
    return { path, dataSet, syntax: transferSyntax(uid) };
  } catch (thrown) {
    throw asDicomError(thrown, path, bytes);
  }
}

function hasPreamble(bytes: Uint8Array): boolean {
  return bytes.length >= 132 && String.fromCharCode(...bytes.subarray(128, 132)) === 'DICM';
}

/** The transfer syntax of a file that begins with its first data element, from how that element is written. */
function bareSyntax(bytes: Uint8Array, at = 0): string | undefined {
  if (bytes.length < at + 8) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 8);
  const explicit = /^[A-Z]{2}$/.test(String.fromCharCode(bytes[at + 4]!, bytes[at + 5]!));
  const plausible = (group: number, element: number): boolean => (group === 8 || group === 2) && element <= 0x70;
  if (plausible(view.getUint16(0, true), view.getUint16(2, true))) {
    if (explicit) return '1.2.840.10008.1.2.1';
    return view.getUint32(4, true) <= 1024 ? '1.2.840.10008.1.2' : undefined;
  }
  if (explicit && plausible(view.getUint16(0, false), view.getUint16(2, false))) return '1.2.840.10008.1.2.2';
  return undefined;
}

/** For a meta header that names no transfer syntax: how the first element after it is written. */
function syntaxAfterMeta(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 132;
  while (at + 12 <= bytes.length && view.getUint16(at, true) === 2) {
    if (view.getUint16(at + 2, true) === 0x10) return undefined;
    const long = /^(OB|OW|OF|SQ|UN|UT)$/.test(String.fromCharCode(bytes[at + 4]!, bytes[at + 5]!));
    at += long ? 12 + view.getUint32(at + 8, true) : 8 + view.getUint16(at + 6, true);
  }
  return bareSyntax(bytes, at) ?? '1.2.840.10008.1.2';
}

/** The parser wants a preamble and a meta header; a bare data set is given both. */
function withPreamble(bytes: Uint8Array, uid: string): Uint8Array {
  const value = uid.length % 2 === 0 ? uid : `${uid}\0`;
  const out = new Uint8Array(132 + 8 + value.length + bytes.length);
  const view = new DataView(out.buffer);
  out.set(Buffer.from('DICM'), 128);
  view.setUint16(132, 2, true);
  view.setUint16(134, 0x10, true);
  out.set(Buffer.from('UI'), 136);
  view.setUint16(138, value.length, true);
  out.set(Buffer.from(value), 140);
  out.set(bytes, 140 + value.length);
  return out;
}

function inflate(all: Uint8Array, position: number, path: string): Uint8Array {
  const packed = all.subarray(position);
  const limit = Math.min(LARGEST_INFLATED, Math.max(1 << 20, packed.length * LARGEST_INFLATION));
  try {
    const unpacked = inflateRawSync(packed, { maxOutputLength: limit, finishFlush: constants.Z_SYNC_FLUSH });
    const out = new Uint8Array(position + unpacked.length);
    out.set(all.subarray(0, position));
    out.set(unpacked, position);
    return out;
  } catch (thrown) {
    const tooLarge = (thrown as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new IsochromatError({
      code: tooLarge ? 'dicom-inflated-too-large' : 'dicom-invalid',
      sentence: tooLarge
        ? 'The compressed content of this file grows beyond any image, so it was not unpacked.'
        : 'The compressed content of this file is damaged.',
      subject: path,
      expected: `at most ${Math.round(limit / 2 ** 20)} MB once unpacked`,
      cause: thrown,
    });
  }
}

function asDicomError(thrown: unknown, path: string, bytes: Uint8Array): IsochromatError {
  if (thrown instanceof IsochromatError) return thrown;
  const inner = (thrown as { exception?: unknown }).exception ?? thrown;
  if (inner instanceof IsochromatError) return inner;
  const reason = inner instanceof Error ? inner.message : String(inner);
  const truncated = /past end|overrun|out of range|outside the bounds/i.test(reason);
  const unnamed = /missing required meta header attribute 0002,0010/i.test(reason);
  return new IsochromatError({
    code: truncated ? 'dicom-truncated' : 'dicom-invalid',
    sentence: truncated ? 'The DICOM file ends before its content does.' : 'The DICOM file is damaged.',
    subject: path,
    found: truncated
      ? `an element that reaches beyond the end of the file, at ${bytes.length} bytes`
      : unnamed
        ? 'no transfer syntax, so nothing says how the content is written'
        : reason.replace(/^[\w.]+:\s*/, ''),
    remedy: 'Export it again from the archive.',
    cause: thrown,
  });
}
