import { mkdir, stat } from 'node:fs/promises';
import { IsochromatError } from '../../domain/errors.ts';
import type { ErrorDetails } from '../../domain/errors.ts';
import { resizeGeometry } from '../../formats/volume-geometry.ts';
import type { VolumeGeometry } from '../../formats/volume-geometry.ts';
import { asReadError } from '../../formats/read-file.ts';
import { suggestFacialSlices } from '../../recon/index.ts';
import type { CoilSink, CoilSlices, ReconstructionInfo } from '../../recon/index.ts';
import { CoilArraysWriter, writeVolumeArrays } from '../../study/index.ts';
import type { NumberedVolume } from './find.ts';
import type { ConvertedVolume, SourceFile } from './handler.ts';
import { handlerOf } from './registry.ts';
import { sourceFacts } from './source-facts.ts';
import type { TechnicalFacts } from './technical-facts.ts';

/** One volume to be imported, as a worker thread is told. */
export interface ConvertItem {
  volume: NumberedVolume;
  /** Where its arrays go; made by the worker, published or removed by the job. */
  folder: string;
}

/** What it is told once. */
export interface ConvertOptions {
  /** Sources of volumes that were in the study when the import began, as `Volumes.sources` lists them. */
  known: readonly string[];
  /** Of which slices the coils are kept. */
  coilSlices: CoilSlices;
}

/** The volume was imported before, or its arrays are written and this is what they are. */
export type Converted =
  | { kind: 'known'; sha256: string; bytes: number }
  | { kind: 'written'; sha256: string; bytes: number; slices: number; rows: number; columns: number; info: VolumeInfo };

/** What is kept of an acquisition beside the columns of the catalogue: technical facts, and what was done to the images. */
export interface VolumeInfo extends TechnicalFacts {
  components: readonly string[];
  /** What its complex values were formed from, in words. */
  pairing: string;
  /** Millimetres between rows and between columns of the stored image. */
  pixelSpacing: readonly [number, number] | null;
  /** Where the stored image lies. */
  geometry: VolumeGeometry | null;
  /** What each slice was divided by; 0 for slices that could not be used. */
  scales: number[];
  /** Slices of which coil images and sensitivities are kept, in the order of their arrays. */
  coilSlices: number[];
  slicesNotUsed: { slice: number; error: Omit<ErrorDetails, 'cause'> }[];
  suggestedFacialSlices: [number, number] | null;
  reconstruction: ReconstructionInfo | null;
  notes: readonly string[];
}

/** Reads, converts and writes one volume. Runs on a worker thread. */
export async function convertVolume({ volume, folder }: ConvertItem, options: ConvertOptions): Promise<Converted> {
  await requireUnchanged(volume.sources);
  const { sha256, bytes } = await sourceFacts(volume.files);
  if (isKnown(options, `${sha256} ${volume.index}`)) return { kind: 'known', sha256, bytes };
  await mkdir(folder, { recursive: true });
  const coils = new CoilArraysWriter(folder);
  const keep: CoilSink['keep'] = (slice, images, maps) => coils.add(slice, images, maps);
  const converted = await handlerOf(volume.format)
    .convert(volume, {}, { coilSink: { slices: options.coilSlices, keep } })
    .catch(async (thrown: unknown) => {
      await coils.abort();
      throw asReadError(thrown, volume.files[0]!);
    });
  await coils.close();
  await requireUnchanged(volume.sources);
  if (!volume.hasPhase) dropPhase(converted.image.data);
  await writeVolumeArrays(folder, converted.image, converted.mask);
  const { slices, rows, columns } = converted.image;
  return { kind: 'written', sha256, bytes, slices, rows, columns, info: infoOf(volume, converted, coils.slices) };
}

const lookups = new WeakMap<ConvertOptions, ReadonlySet<string>>();

/** A study may hold a hundred thousand volumes: they are put into a set once a thread. */
function isKnown(options: ConvertOptions, source: string): boolean {
  const known = lookups.get(options) ?? new Set(options.known);
  lookups.set(options, known);
  return known.has(source);
}

async function requireUnchanged(sources: readonly SourceFile[]): Promise<void> {
  for (const { path, bytes, mtimeMs } of sources) {
    const now = await stat(path).catch((thrown: unknown) => {
      throw asReadError(thrown, path);
    });
    if (now.size === bytes && now.mtimeMs === mtimeMs) continue;
    throw new IsochromatError({
      code: 'file-changed',
      sentence: 'The file changed while it was read.',
      subject: path,
      remedy: 'Import it again when nothing writes to it.',
    });
  }
}

/** Resampling leaves traces of an imaginary part, and ripples below zero, in what are magnitudes. */
function dropPhase(data: Float32Array): void {
  for (let i = 0; i < data.length; i += 2) {
    data[i] = Math.max(0, data[i]!);
    data[i + 1] = 0;
  }
}

function infoOf(volume: NumberedVolume, converted: ConvertedVolume, coilSlices: number[]): VolumeInfo {
  const { facts, components, pairing, notes } = volume;
  const { image, mask, scales, problems, reconstruction } = converted;
  const spacing = facts.originalPixelSpacing;
  const factor = { rows: volume.rows / image.rows, columns: volume.columns / image.columns };
  const plane = facts.geometry?.plane ?? 'axial';
  const facial = plane === 'axial' ? suggestFacialSlices(mask, image.slices, image.rows, image.columns) : undefined;
  return {
    ...facts,
    components,
    pairing,
    pixelSpacing: spacing === null ? null : [spacing[0] * factor.rows, spacing[1] * factor.columns],
    geometry:
      facts.geometry === null || spacing === null
        ? facts.geometry
        : resizeGeometry(facts.geometry, spacing, volume, image).geometry,
    scales: [...scales],
    coilSlices,
    slicesNotUsed: problems.map(({ slice, error }) => ({ slice, error: withoutSubject(error) })),
    suggestedFacialSlices: facial === undefined ? null : [facial.first, facial.last],
    reconstruction,
    notes,
  };
}

/** Paths can hold names; what is stored in a study holds none. */
function withoutSubject(error: IsochromatError): Omit<ErrorDetails, 'cause'> {
  const { subject: _, ...rest } = error.toJSON();
  return rest;
}
