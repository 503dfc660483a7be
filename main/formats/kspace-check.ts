import { IsochromatError } from '../domain/errors.ts';

/**
 * Refuses the k-space of a slice that cannot be reconstructed.
 * @param data interleaved re, im
 * @param format first part of the error codes
 * @throws IsochromatError `<format>-slice-all-zero`, `<format>-slice-not-finite`
 */
export function checkKspaceSlice(data: Float32Array, slice: number, path: string, format: string): void {
  const sum = total(data);
  // A sum of exactly zero is suspicious, and only then every number is looked at.
  if (Number.isFinite(sum) && (sum !== 0 || data.some((value) => value !== 0))) return;
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

/**
 * Sum of all numbers in double precision: not finite as soon as one of them is not (the sum of any number of finite
 * float32 cannot overflow a double). Eight partial sums keep the processor busy.
 */
function total(data: Float32Array): number {
  const whole = data.length - (data.length % 8);
  let [a, b, c, d, e, f, g, h] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < whole; i += 8) {
    a += data[i]!;
    b += data[i + 1]!;
    c += data[i + 2]!;
    d += data[i + 3]!;
    e += data[i + 4]!;
    f += data[i + 5]!;
    g += data[i + 6]!;
    h += data[i + 7]!;
  }
  for (let i = whole; i < data.length; i++) a += data[i]!;
  return a + b + c + d + e + f + g + h;
}
