import * as tf from '@tensorflow/tfjs-core';

/** dx/dt of every sample of the batch at time t; t runs from 0 (noise) to 1 (data). */
export type Velocity = (x: tf.Tensor, t: number) => tf.Tensor;

/**
 * Integrates dx/dt = v(x, t) from t = 0 to 1.
 * @param velocity called once (Euler) or twice (midpoint, Heun) a step; its intermediate tensors are disposed
 * @param noise x(0), left untouched
 * @param times where the N steps begin and the last one ends, from 0 to 1 (`timeGrid`)
 * @param onStep called after every step with the number of steps done; throw in it to stop
 * @returns x(1), owned by the caller
 */
export type Sampler = (
  velocity: Velocity,
  noise: tf.Tensor,
  times: readonly number[],
  onStep?: (done: number) => void | Promise<void>,
) => Promise<tf.Tensor>;

type Step = (velocity: Velocity, x: tf.Tensor, t: number, h: number) => tf.Tensor;

/** x ← x + h·v(x, t). First order. */
export const euler: Sampler = integrator((v, x, t, h) => tf.add(x, tf.mul(v(x, t), h)));

/** x ← x + h·v(x + h/2·v(x, t), t + h/2). Second order. */
export const midpoint: Sampler = integrator((v, x, t, h) => {
  const half = tf.add(x, tf.mul(v(x, t), h / 2));
  return tf.add(x, tf.mul(v(half, t + h / 2), h));
});

/** Heun's method: x ← x + h/2·(v(x, t) + v(x + h·v(x, t), t + h)). Second order, as the paper samples. */
export const heun: Sampler = integrator((v, x, t, h) => {
  const v0 = v(x, t);
  const v1 = v(tf.add(x, tf.mul(v0, h)), t + h);
  return tf.add(x, tf.mul(tf.add(v0, v1), h / 2));
});

export const SAMPLERS = { heun, euler, midpoint } as const;

function integrator(step: Step): Sampler {
  return async (velocity, noise, times, onStep) => {
    let x: tf.Tensor = noise.clone();
    try {
      for (let i = 0; i + 1 < times.length; i++) {
        const t = times[i]!;
        const h = times[i + 1]! - t;
        const next = tf.tidy(() => step(velocity, x, t, h));
        x.dispose();
        x = next;
        await onStep?.(i + 1);
      }
    } catch (error) {
      x.dispose();
      throw error;
    }
    return x;
  };
}
