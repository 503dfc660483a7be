/**
 * The 16-bit copy of an image that cornerstone's canvas renderer draws. It looks grey levels up in a table by stored value, so that
 * numbers with a fraction (Float32 phase or magnitude) find no entry and draw blank; a copy in whole numbers does not.
 * value = stored · scale.
 */
export interface DisplayCopy {
  stored: Int16Array;
  scale: number;
  /** Range that the renderer's table covers: fixed, so that all slices of a component share its shape. */
  minimum: number;
  maximum: number;
}

const LARGEST = 32767;

/**
 * Makes a display copy; values that are no numbers are stored as 0.
 * @param values `[rows, columns]`
 * @param largest absolute value that the copy must hold; default: the largest there is
 */
export function displayCopy(values: Float32Array, largest = largestAbsolute(values)): DisplayCopy {
  const scale = largest > 0 && Number.isFinite(largest) ? largest / LARGEST : 1;
  const stored = new Int16Array(values.length);
  let negative = false;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]! / scale;
    // Rounded by hand, which is several times quicker; what is no number becomes 0.
    const whole = value > LARGEST ? LARGEST : value < -LARGEST ? -LARGEST : (value + (value < 0 ? -0.5 : 0.5)) | 0;
    stored[i] = whole;
    if (whole < 0) negative = true;
  }
  return { stored, scale, minimum: negative ? -LARGEST : 0, maximum: LARGEST };
}

/** Bytes that a drawn copy holds: its pixels, and the renderer's table of one byte a stored value. */
export function displayCopyBytes({ stored, minimum, maximum }: DisplayCopy): number {
  return stored.byteLength + maximum - minimum + 1;
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
