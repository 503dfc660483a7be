import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '../compute/tensors.ts';
import { UNKNOWN_CLASS } from '../models/conditions.ts';
import { velocity } from '../models/flow-unet.ts';
import type { NamedTensors } from '../models/parameters.ts';
import type { FlowDescription } from '../models/trained.ts';
import type { Velocity } from './samplers.ts';

/** What a batch of samples is asked to be. */
export interface SampleConditions {
  /** Index into SEQUENCES (or UNKNOWN_SEQUENCE) of each sample. */
  readonly sequence: readonly number[];
  /** Index into CONDITION_CLASSES of each sample; ignored by a stage-1 flow. */
  readonly tissue: readonly number[];
}

/**
 * Classifier-free guidance on the label (Ho & Salimans 2022): v̂ = v(∅) + w·(v(c) − v(∅)), where ∅ is the same sequence with the
 * class `unknown`. Both are computed in one batch of twice the size; w = 1, and a stage-1 flow, need one pass only.
 * @param scale w
 */
export function guidedVelocity(
  { architecture, stage }: FlowDescription,
  parameters: NamedTensors,
  { sequence, tissue }: SampleConditions,
  scale: number,
): Velocity {
  const times = (t: number, count: number): number[] => new Array<number>(count).fill(t);
  const count = sequence.length;
  if (stage === 1) {
    return (x, t) => velocity(architecture, parameters, x as Tensor4D, { time: times(t, count), sequence });
  }
  if (scale === 1) {
    return (x, t) => velocity(architecture, parameters, x as Tensor4D, { time: times(t, count), sequence, tissue });
  }
  const both = {
    sequence: [...sequence, ...sequence],
    tissue: [...tissue, ...sequence.map(() => UNKNOWN_CLASS)],
  };
  return (x, t) => {
    const doubled = tf.concat([x as Tensor4D, x as Tensor4D], 0);
    const v = velocity(architecture, parameters, doubled, { time: times(t, 2 * count), ...both });
    const [conditional, unconditional] = tf.split(v, 2, 0) as [Tensor4D, Tensor4D];
    return tf.add(unconditional, tf.mul(tf.sub(conditional, unconditional), scale));
  };
}
