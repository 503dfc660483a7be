import type { Line } from './fft-butterflies.ts';
import { LineFft, newLine } from './fft-line.ts';
import { sizeAfter } from './fft-steps.ts';
import type { AxisTransform, Planes } from './fft-steps.ts';

/** Centred orthonormal transforms of planes, in TypeScript and 64 bits: what the kernels are tested against. */
export function transformPlanesReference(input: Planes, steps: readonly AxisTransform[]): Planes {
  let planes: Planes = { ...input, data: input.data.slice() };
  for (const step of steps) planes = transformed(planes, step);
  return planes;
}

/** The shifts that centre the transform are folded into the indices of reading and writing. */
function transformed(input: Planes, step: AxisTransform): Planes {
  const { planes, rows, columns, data } = input;
  const size = sizeAfter(input, [step]);
  const [length, lines] = step.along === 'rows' ? [rows, columns] : [columns, rows];
  const { first, count } = step.keep ?? { first: 0, count: length };
  const out = new Float32Array(2 * planes * size.rows * size.columns);
  const fft = new LineFft(length);
  const line = newLine(length);
  // The inverse transform is the forward one with real and imaginary parts exchanged, before and after.
  const inverse = step.direction === 'inverse';
  const samples: Line = inverse ? { re: line.im, im: line.re } : line;
  const centre = Math.floor(length / 2);
  const norm = 1 / Math.sqrt(length);
  const [stride, toStride] = step.along === 'rows' ? [columns, size.columns] : [1, 1];
  const [apart, toApart] = step.along === 'rows' ? [1, 1] : [columns, size.columns];
  for (let l = 0; l < planes * lines; l++) {
    const plane = Math.floor(l / lines);
    const start = plane * rows * columns + (l % lines) * apart;
    for (let j = 0; j < length; j++) {
      const at = 2 * (start + stride * ((j + centre) % length));
      samples.re[j] = data[at]!;
      samples.im[j] = data[at + 1]!;
    }
    const result = fft.forward(line);
    const output = inverse ? { re: result.im, im: result.re } : result;
    const toStart = plane * size.rows * size.columns + (l % lines) * toApart;
    for (let o = 0; o < count; o++) {
      const k = (first + o + length - centre) % length;
      const at = 2 * (toStart + toStride * o);
      out[at] = output.re[k]! * norm;
      out[at + 1] = output.im[k]! * norm;
    }
  }
  return { planes, ...size, data: out };
}
