import * as tf from '@tensorflow/tfjs-core';
import type { Gradient } from './gradient.ts';

const reshaped = (kernelName: string, input: string): Gradient => ({
  kernelName,
  inputsToSave: [input],
  gradFunc: (dy, [x]) => ({ [input]: () => tf.reshape(dy, x!.shape) }),
});

/** Operations that only move numbers. */
export const shapes: Gradient[] = [
  reshaped('Reshape', 'x'),
  reshaped('ExpandDims', 'input'),
  {
    kernelName: 'Transpose',
    gradFunc: (dy, _, attributes) => {
      const { perm } = attributes as unknown as tf.TransposeAttrs;
      return { x: () => tf.transpose(dy, tf.backend_util.getUndoAxesPermutation(perm)) };
    },
  },
  {
    kernelName: 'Reverse',
    gradFunc: (dy, _, attributes) => {
      const { dims } = attributes as unknown as tf.ReverseAttrs;
      return { x: () => tf.reverse(dy, dims) };
    },
  },
  {
    kernelName: 'Slice',
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => {
      const { begin } = attributes as unknown as tf.SliceAttrs;
      const start = tf.slice_util.parseSliceParams(x!, begin, dy.shape)[0]!;
      const edges = dy.shape.map((n, i): [number, number] => [start[i]!, x!.shape[i]! - start[i]! - n]);
      return { x: () => tf.pad(dy, edges) };
    },
  },
  {
    kernelName: 'PadV2',
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => {
      const { paddings } = attributes as unknown as tf.PadV2Attrs;
      return { x: () => tf.slice(dy, paddings.map(([before]) => before), x!.shape) }; // prettier-ignore
    },
  },
  {
    kernelName: 'Tile',
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => {
      const { reps } = attributes as unknown as tf.TileAttrs;
      return { x: () => sumOfTiles(dy, x!.shape, reps) };
    },
  },
  {
    kernelName: 'SplitV',
    gradFunc: (dy, _, attributes) => {
      const { axis } = attributes as unknown as tf.SplitVAttrs;
      return { x: () => tf.concat(dy as unknown as tf.Tensor[], axis) };
    },
  },
  {
    kernelName: 'Unpack',
    gradFunc: (dy, _, attributes) => {
      const { axis } = attributes as unknown as tf.UnpackAttrs;
      return { value: () => tf.stack(dy as unknown as tf.Tensor[], axis) };
    },
  },
];

/** One axis at a time: not every backend can transpose or reduce the rank that all at once would need. */
function sumOfTiles(dy: tf.Tensor, shape: number[], reps: number[]): tf.Tensor {
  let sum = dy.clone();
  reps.forEach((count, axis) => {
    if (count === 1) return;
    const before = sum.shape.slice(0, axis).reduce((product, n) => product * n, 1);
    const after = sum.shape.slice(axis + 1).reduce((product, n) => product * n, 1);
    const target = sum.shape.with(axis, shape[axis]!);
    sum = tf.reshape(tf.sum(tf.reshape(sum, [before, count, shape[axis]! * after]), 1), target);
  });
  return sum;
}
