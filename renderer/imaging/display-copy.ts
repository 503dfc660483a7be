/**
 * The 16-bit copy of an image that is kept to be drawn: half the memory of its values, and whole numbers, which is what cornerstone's own renderers
 * look up in tables (numbers with a fraction would draw blank). value = stored · scale.
 */
export interface DisplayCopy {
  stored: Int16Array;
  scale: number;
}

/** The largest stored number. */
export const LARGEST = 32767;

/**
 * Makes a display copy; values that are no numbers are stored as 0.
 * @param values `[rows, columns]`
 * @param largest absolute value that the copy must hold; default: the largest there is
 */
export function displayCopy(values: Float32Array, largest = largestAbsolute(values)): DisplayCopy {
  const scale = largest > 0 && Number.isFinite(largest) ? largest / LARGEST : 1;
  const stored = new Int16Array(values.length);
  const factor = 1 / scale;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]! * factor;
    // Rounded by hand, which is several times quicker; what is no number becomes 0.
    stored[i] = Math.min(Math.max(value + (value < 0 ? -0.5 : 0.5), -LARGEST), LARGEST) | 0;
  }
  return { stored, scale };
}

/** The values again, as exactly as the copy holds them. */
export function valuesOf({ stored, scale }: DisplayCopy): Float32Array {
  const values = new Float32Array(stored.length);
  for (let i = 0; i < values.length; i++) values[i] = stored[i]! * scale;
  return values;
}

function largestAbsolute(values: Float32Array): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const size = value < 0 ? -value : value;
    if (size > largest && size < Infinity) largest = size;
  }
  return largest;
}
