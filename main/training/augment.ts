import type { Random } from '../domain/random.ts';

/** What is done to one patch; the same to its real and imaginary part. */
export interface Augmentation {
  readonly flipRows: boolean;
  readonly flipColumns: boolean;
  /** Turns by 90°. */
  readonly quarterTurns: number;
  /** 1.0–1.2, centre crop. */
  readonly zoom: number;
  /** Factor on the intensity. */
  readonly intensity: number;
}

const LARGEST_ZOOM = 1.2;
const INTENSITY_RANGE = 0.1;

export function drawAugmentation(random: Random): Augmentation {
  return {
    flipRows: random.uniform() < 0.5,
    flipColumns: random.uniform() < 0.5,
    quarterTurns: random.integer(0, 3),
    zoom: random.uniform(1, LARGEST_ZOOM),
    intensity: random.uniform(1 - INTENSITY_RANGE, 1 + INTENSITY_RANGE),
  };
}

/**
 * The deterministic twin of `drawAugmentation`: flips, turns, zooms (bilinear, on the complex values) and scales a patch.
 * @param image `[size, size, channels]`
 */
export function applyAugmentation(
  image: Float32Array,
  size: number,
  channels: number,
  { flipRows, flipColumns, quarterTurns, zoom, intensity }: Augmentation,
): Float32Array {
  const out = new Float32Array(image.length);
  const centre = (size - 1) / 2;
  const turn = [
    [1, 0, 0, 1],
    [0, 1, -1, 0],
    [-1, 0, 0, -1],
    [0, -1, 1, 0],
  ][quarterTurns % 4]!;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      // Where this output pixel comes from, in coordinates around the centre.
      const y = ((flipRows ? -1 : 1) * (row - centre)) / zoom;
      const x = ((flipColumns ? -1 : 1) * (column - centre)) / zoom;
      const sourceRow = centre + turn[0]! * y + turn[1]! * x;
      const sourceColumn = centre + turn[2]! * y + turn[3]! * x;
      const top = Math.min(size - 2, Math.max(0, Math.floor(sourceRow)));
      const left = Math.min(size - 2, Math.max(0, Math.floor(sourceColumn)));
      const down = sourceRow - top;
      const right = sourceColumn - left;
      const at = (top * size + left) * channels;
      const below = at + size * channels;
      for (let c = 0; c < channels; c++) {
        const upper = image[at + c]! * (1 - right) + image[at + channels + c]! * right;
        const lower = image[below + c]! * (1 - right) + image[below + channels + c]! * right;
        out[(row * size + column) * channels + c] = intensity * (upper * (1 - down) + lower * down);
      }
    }
  }
  return out;
}
