import { ZipArchive } from './zip.ts';

interface Cine {
  slices: number;
  /** Shows a slice, waits until it is drawn, and gives its picture; null = what was to be saved is gone, or the user goes on. */
  picture: (slice: number) => Promise<Blob | null>;
  nameOf: (slice: number) => string;
}

/**
 * Every slice as a PNG picture, in one zip archive: pictures lose nothing, any program opens them, and one file is one question where to save it.
 * An animated picture would have 256 colours, a film the artefacts of its compression: neither is fit for phase.
 * @returns null where it was stopped
 */
export async function cineArchive({ slices, picture, nameOf }: Cine): Promise<Blob | null> {
  const archive = new ZipArchive();
  for (let slice = 0; slice < slices; slice++) {
    const drawn = await picture(slice);
    if (drawn === null) return null;
    await archive.add(nameOf(slice), drawn);
  }
  return archive.finished();
}
