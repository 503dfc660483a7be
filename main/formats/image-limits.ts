/**
 * Sizes beyond which nothing that is scanned of a head goes. A file can claim more in a few kilobytes, and be right; it is refused
 * before memory is taken, so that a volume stays below a gigabyte; those that come near it are converted one at a time (`isHeavy`).
 */

/** Slices of a volume: all of them are held, as complex images of the study's size, until it is whole. */
export const MOST_SLICES = 512;

/** Pixels of one image: 4096 × 2048, say. */
export const LARGEST_IMAGE = 1 << 23;

/** Complex samples of one slice of k-space, of all coils together: 64 × 1024 × 512, say. */
export const LARGEST_KSPACE_SLICE = 1 << 25;

/** In words, for what was expected. */
export const IMAGE_LIMIT = `images of at most ${LARGEST_IMAGE / 2 ** 20} million pixels (2²³)`;

export function fitsInMemory(rows: number, columns: number): boolean {
  return rows * columns <= LARGEST_IMAGE;
}
