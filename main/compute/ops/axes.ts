import type { Tensor } from '@tensorflow/tfjs-core';
import { IsochromatError } from '../../domain/errors.ts';

/** A tensor beside the names of its axes: `[x, 'batch rows columns channels']`. `1` names an axis of length one. */
export type Operand = readonly [tensor: Tensor, pattern: string];

/**
 * Binds axis names to lengths, in the manner of einops: one name has one length over all operands of an operation.
 * TensorFlow.js itself accepts several impossible shapes in silence (a reshape to a fractional length among them).
 * @returns the length of every named axis
 * @throws IsochromatError `tensor-shape` naming the operation, the operand, its pattern, its shape and the axis
 */
export function bindAxes(operation: string, operands: Record<string, Operand>): Record<string, number> {
  const lengths: Record<string, number> = {};
  const boundBy: Record<string, string> = {};
  for (const [operand, [tensor, pattern]] of Object.entries(operands)) {
    const names = axisNames(pattern);
    const shown = `${operand} [${pattern}] = [${tensor.shape.join(', ')}]`;
    if (tensor.dtype !== 'float32') throw misfit(operation, `float32 numbers in ${operand}`, tensor.dtype);
    if (tensor.shape.length !== names.length) throw misfit(operation, `${names.length} axes [${pattern}]`, shown);
    names.forEach((name, axis) => {
      const length = tensor.shape[axis]!;
      const bound = name === '1' ? 1 : lengths[name];
      if (bound === undefined) {
        lengths[name] = length;
        boundBy[name] = operand;
      } else if (bound !== length) {
        const whence = name === '1' ? '' : `, as in ${boundBy[name]}`;
        throw misfit(operation, `axis ${axis} (${name}) of ${operand} to be ${bound}${whence}`, shown);
      }
    });
  }
  return lengths;
}

/** @throws IsochromatError `tensor-shape` unless `length` splits into `parts` equal parts */
export function assertDivisible(operation: string, axis: string, length: number, parts: number, into: string): void {
  if (Number.isInteger(parts) && parts > 0 && length % parts === 0) return;
  throw misfit(operation, `${axis} to be divisible by the number of ${into}`, `${length} ${axis}, ${parts} ${into}`);
}

/** The error of an operation that was given what it cannot use. */
export function misfit(operation: string, expected: string, found: string): IsochromatError {
  return new IsochromatError({
    code: 'tensor-shape',
    sentence: `${operation} cannot work on these tensors.`,
    expected,
    found,
  });
}

const parsed = new Map<string, readonly string[]>();

function axisNames(pattern: string): readonly string[] {
  let names = parsed.get(pattern);
  if (names === undefined) parsed.set(pattern, (names = pattern.split(' ')));
  return names;
}
