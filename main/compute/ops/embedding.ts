import * as tf from '@tensorflow/tfjs-core';
import { IsochromatError } from '../../domain/errors.ts';
import type { Tensor, Tensor2D } from '../tensors.ts';
import { bindAxes } from './axes.ts';
import { linear } from './linear.ts';

/**
 * Rows of a table. The tables here have a handful of entries (sequences, classes), so that the lookup is a product with one-hot rows: its
 * gradient then exists on every backend.
 * @param table `[entries, width]`
 * @param indices one for each sample, each 0 … entries − 1
 * @returns `[indices.length, width]`
 * @throws IsochromatError `tensor-shape`, or `embedding-index` for an index that is not in the table
 */
export function embedding(table: Tensor, indices: readonly number[]): Tensor2D {
  const { entries } = bindAxes('embedding', { table: [table, 'entries width'] });
  const oneHot = new Float32Array(indices.length * entries!);
  indices.forEach((index, row) => {
    if (!Number.isInteger(index) || index < 0 || index >= entries!) {
      throw new IsochromatError({
        code: 'embedding-index',
        sentence: 'A condition was asked for that this model does not know.',
        expected: `a whole number from 0 to ${entries! - 1}`,
        found: `${index} for sample ${row}`,
      });
    }
    oneHot[row * entries! + index] = 1;
  });
  return linear(tf.tensor2d(oneHot, [indices.length, entries!]), table) as Tensor2D;
}
