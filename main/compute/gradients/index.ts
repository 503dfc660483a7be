/**
 * Gradients of TensorFlow.js' stock kernels. The package ships them only for browsers' bundlers or inside its umbrella package (ten times the
 * size, with layers, converters and WebGL); here are those of the operations that models use. A model that needs another
 * is told so by name ("gradient function not found for …"): add its entry to the file of its kind.
 */
import * as tf from '@tensorflow/tfjs-core';
import { elementwise } from './elementwise.ts';
import type { Gradient } from './gradient.ts';
import { listed } from './listed.ts';
import { products } from './products.ts';
import { reductions } from './reductions.ts';
import { shapes } from './shapes.ts';

const all: (Gradient | tf.GradConfig)[] = [...elementwise, ...reductions, ...shapes, ...listed, ...products];
for (const gradient of all) {
  if (!tf.getGradient(gradient.kernelName)) tf.registerGradient(gradient as tf.GradConfig);
}
