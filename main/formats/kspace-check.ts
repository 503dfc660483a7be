import { IsochromatError } from '../domain/errors.ts';
import { FOUND, scanFloats } from '../kernels/scan.ts';

/**
 * Refuses the k-space of a slice that cannot be reconstructed.
 * @param data interleaved re, im
 * @param format first part of the error codes
 * @param found what looking through all of the data found, where that has been done already
 * @throws IsochromatError `<format>-slice-all-zero`, `<format>-slice-not-finite`
 */
export function checkKspaceSlice(
  data: Float32Array,
  slice: number,
  path: string,
  format: string,
  found = scanFloats(data),
): void {
  if (found === FOUND.notZero) return;
  const wrong = data.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) {
    throw new IsochromatError({
      code: `${format}-slice-all-zero`,
      sentence: `Slice ${slice} is empty: all of its k-space is zero.`,
      subject: path,
      remedy: 'The slice was not transferred or never written; fetch the file again, or leave this slice out.',
    });
  }
  const count = data.reduce((n, value) => n + Number(!Number.isFinite(value)), 0);
  throw new IsochromatError({
    code: `${format}-slice-not-finite`,
    sentence: `Slice ${slice} holds ${count === 1 ? 'a value that is not a number' : `${count} values that are not numbers`}.`,
    subject: path,
    expected: 'finite k-space',
    found: `${data[wrong]} at sample ${Math.floor(wrong / 2)} of the slice`,
    remedy: 'One such value spoils every pixel of the slice; fetch the file again, or leave this slice out.',
  });
}
