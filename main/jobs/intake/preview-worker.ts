import { basename, dirname } from 'node:path';
import type { ComplexVolume } from '../../domain/complex.ts';
import { IsochromatError } from '../../domain/errors.ts';
import { identifyingValue } from '../../domain/identity.ts';
import type { IdentifyingValue } from '../../domain/identity.ts';
import { asReadError } from '../../formats/read-file.ts';
import type { NumberedVolume } from './find.ts';
import { handlerOf } from './registry.ts';

/**
 * Some slices of a volume that is not imported yet, as the import would store them. The phase of k-space from several coils refers to
 * these slices alone, where an import's refers to all.
 */
export interface VolumePreview {
  /** Which slices, ascending. */
  slices: number[];
  /** `[slices, rows, columns]` of these; zero where one could not be read. */
  image: ComplexVolume;
}

/** Files of a volume that are looked into for whom it is about: a series says the same in each. */
const FILES_LOOKED_INTO = 3;
/** k-space of one slice that is read for a look; an import may take more. */
const LARGEST_SLICE = 256 * 2 ** 20;

/** First, middle and last slice, through the same steps as an import. Runs in a process of its own, which may die over it. */
export async function previewVolume(volume: NumberedVolume): Promise<VolumePreview> {
  requireModest(volume);
  const last = volume.slices - 1;
  const slices = [...new Set([0, Math.floor(volume.slices / 2), last])].sort((a, b) => a - b);
  const { image } = await handlerOf(volume.format)
    .convert(volume, {}, { only: slices })
    .catch((thrown: unknown) => {
      throw asReadError(thrown, volume.files[0]!);
    });
  return { slices, image };
}

/** Whom the files of a volume are about, name by name. Runs in a process of its own, which may die over it. */
export async function identifyVolume({ format, files, publicName }: NumberedVolume): Promise<IdentifyingValue[]> {
  const found = new Map<string, IdentifyingValue>();
  const add = (value: IdentifyingValue | undefined): void => {
    if (value !== undefined) found.set(`${value.attribute}\u0000${value.value}`, value);
  };
  for (const path of spread(files)) {
    const values = await handlerOf(format)
      .identify(path)
      .catch((thrown: unknown) => {
        throw asReadError(thrown, path);
      });
    values.forEach(add);
    // Series are known by their UIDs, single files by their names; those of a public data set are no identity.
    if (publicName === undefined) {
      add(identifyingValue('File name', basename(path), format === 'dicom' ? 'nothing' : 'hash'));
    }
    add(identifyingValue('Folder', basename(dirname(path))));
  }
  return [...found.values()];
}

function spread(files: readonly string[]): string[] {
  const step = (files.length - 1) / (FILES_LOOKED_INTO - 1);
  const places = Array.from({ length: FILES_LOOKED_INTO }, (_, i) => Math.round(i * step));
  return [...new Set(places.map((place) => files[place]!))];
}

function requireModest({ coils, rows, columns, files }: NumberedVolume): void {
  // Readouts are oversampled twice; 8 bytes a sample.
  const bytes = (coils ?? 1) * 2 * rows * columns * 8;
  if (bytes <= LARGEST_SLICE) return;
  throw new IsochromatError({
    code: 'preview-too-large',
    sentence: 'The slices of this volume are too large to be shown before the import.',
    subject: files[0]!,
    found: `about ${Math.round(bytes / 2 ** 20)} MB a slice`,
    remedy: 'It can be imported nevertheless.',
  });
}
