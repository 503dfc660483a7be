import * as tf from '@tensorflow/tfjs-core';
import { conv2d } from './ops/conv2d.ts';

/**
 * GFLOP/s of a 3×3 convolution of 32 channels with both of its gradients on the active backend: a first idea of how fast training will
 * be. Slow backends are measured on a smaller image only, so that it takes a second at most.
 */
export async function convolutionSpeed(): Promise<number> {
  const first = await bestOf(2, 1, 12);
  return first.seconds > 0.02 ? first.gigaflops : (await bestOf(5, 16, 24)).gigaflops;
}

async function bestOf(runs: number, batch: number, size: number): Promise<{ seconds: number; gigaflops: number }> {
  const channels = 32;
  const x = tf.ones([batch, size, size, channels]);
  const kernel = tf.ones([3, 3, channels, channels]);
  const gradients = tf.grads((x, kernel) => conv2d(x, kernel));
  let seconds = Number.POSITIVE_INFINITY;
  for (let i = 0; i < runs; i++) {
    const started = performance.now();
    const results = gradients([x, kernel]);
    // Reading the smaller result waits for the device.
    await results[1]!.data();
    seconds = Math.min(seconds, (performance.now() - started) / 1000);
    tf.dispose(results);
  }
  tf.dispose([x, kernel]);
  const operations = 3 * 2 * 9 * batch * size * size * channels * channels;
  return { seconds, gigaflops: operations / seconds / 1e9 };
}
