import { mkdir, stat } from 'node:fs/promises';
import { IsochromatError } from '../domain/errors.ts';
import type { ErrorDetails } from '../domain/errors.ts';
import type { Sequence } from '../domain/sequences.ts';
import { openFastMri } from '../formats/fastmri/index.ts';
import type { FastMriFile } from '../formats/fastmri/index.ts';
import { reconstructVolume, suggestFacialSlices } from '../recon/index.ts';
import type { ReconstructionInfo } from '../recon/index.ts';
import { fileFacts, writeVolumeArrays } from '../study/index.ts';

/** One file to be imported, as a worker thread is told. */
export interface ImportItem {
  path: string;
  /** Where its arrays go; made by the worker, published or removed by the job. */
  folder: string;
  /** Hashes of the sources already in the study that have as many bytes as this file. */
  known: string[];
  /** Rather than what the file says. */
  sequence?: Sequence;
}

/** What a worker answers: the file was imported before, or its arrays are written and this is what they are. */
export type ImportedFile =
  | { kind: 'known'; sha256: string }
  | {
      kind: 'reconstructed';
      sha256: string;
      bytes: number;
      sequence: Sequence;
      sequenceSource: 'header' | 'name' | 'user';
      patientId: string | null;
      scanner: string | null;
      slices: number;
      rows: number;
      columns: number;
      coils: number;
      originalRows: number;
      originalColumns: number;
      /** Technical facts only: nothing of the header's free text. */
      info: VolumeInfo;
    };

/** What is kept of an acquisition and its reconstruction beside the columns of the catalogue. */
export interface VolumeInfo {
  fieldStrength: number | null;
  repetitionTimes: number[];
  echoTimes: number[];
  inversionTimes: number[];
  flipAngles: number[];
  acceleration: number;
  /** Millimetres along rows and columns of the stored image. */
  pixelSpacing: [number, number] | null;
  /** What each slice was divided by; 0 for slices that could not be used. */
  scales: number[];
  slicesNotUsed: { slice: number; error: Omit<ErrorDetails, 'cause'> }[];
  suggestedFacialSlices: [number, number] | null;
  reconstruction: ReconstructionInfo;
}

/** Reads, reconstructs and writes one fastMRI file. Runs on a worker thread. */
export async function importFile(item: ImportItem): Promise<ImportedFile> {
  const before = await stat(item.path).catch((cause: unknown) => {
    throw unreadable(item.path, cause);
  });
  if (!before.isFile()) throw unreadable(item.path, undefined);
  // The structure first: what is no fastMRI file need not be read to its end.
  const file = await openFastMri(item.path);
  try {
    const { sha256, bytes } = await fileFacts(item.path);
    if (item.known.includes(sha256)) return { kind: 'known', sha256 };
    const sequence = item.sequence ?? file.sequence;
    if (sequence === undefined) throw unknownSequence(file);
    const result = await reconstruct(file, item.folder);
    const after = await stat(item.path);
    if (after.mtimeMs !== before.mtimeMs || after.size !== before.size || bytes !== after.size) {
      throw changed(item.path);
    }
    return {
      kind: 'reconstructed',
      sha256,
      bytes,
      sequence,
      sequenceSource: item.sequence !== undefined ? 'user' : file.acquisition === undefined ? 'name' : 'header',
      patientId: file.patientId ?? null,
      scanner: scannerOf(file),
      coils: file.coils,
      originalRows: file.reconRows,
      originalColumns: file.reconColumns,
      ...result,
    };
  } finally {
    file.close();
  }
}

async function reconstruct(
  file: FastMriFile,
  folder: string,
): Promise<{ slices: number; rows: number; columns: number; info: VolumeInfo }> {
  const { image, mask, scales, problems, info: reconstruction } = await reconstructVolume(file);
  await mkdir(folder, { recursive: true });
  await writeVolumeArrays(folder, image, mask);
  const { slices, rows, columns } = image;
  const { header } = file;
  const facial = suggestFacialSlices(mask, slices, rows, columns);
  const fieldOfView = header.reconFieldOfView;
  const info: VolumeInfo = {
    fieldStrength: header.fieldStrength ?? null,
    repetitionTimes: header.repetitionTimes,
    echoTimes: header.echoTimes,
    inversionTimes: header.inversionTimes,
    flipAngles: header.flipAngles,
    acceleration: header.acceleration,
    pixelSpacing: fieldOfView.x > 0 && fieldOfView.y > 0 ? [fieldOfView.x / rows, fieldOfView.y / columns] : null,
    scales: [...scales],
    slicesNotUsed: problems.map(({ slice, error }) => ({ slice, error: withoutSubject(error) })),
    suggestedFacialSlices: facial === undefined ? null : [facial.first, facial.last],
    reconstruction,
  };
  return { slices, rows, columns, info };
}

/** Vendor, model and field strength: which scanner, not which hospital. */
function scannerOf({ header }: FastMriFile): string | null {
  const { vendor, model, fieldStrength } = header;
  const parts = [vendor, model, fieldStrength === undefined ? undefined : `${fieldStrength.toFixed(1)} T`];
  return parts.filter((part) => part !== undefined).join(' ') || null;
}

/** Paths can hold names; what is stored in a study holds none. */
function withoutSubject(error: IsochromatError): Omit<ErrorDetails, 'cause'> {
  const { subject: _, ...rest } = error.toJSON();
  return rest;
}

function unknownSequence(file: FastMriFile): IsochromatError {
  return new IsochromatError({
    code: 'sequence-unknown',
    sentence: 'The sequence of this acquisition is not one that the models know.',
    subject: file.path,
    expected: 'AXFLAIR, AXT1, AXT1POST, AXT1PRE or AXT2',
    found: file.acquisition ?? 'no acquisition attribute',
    remedy: 'Name the sequence that it corresponds to with --sequence.',
  });
}

function unreadable(path: string, cause: unknown): IsochromatError {
  return new IsochromatError({
    code: 'file-not-found',
    sentence: 'There is no such file, or it cannot be read.',
    subject: path,
    cause,
  });
}

function changed(path: string): IsochromatError {
  return new IsochromatError({
    code: 'file-changed',
    sentence: 'The file changed while it was read.',
    subject: path,
    remedy: 'Import it again when nothing writes to it.',
  });
}
