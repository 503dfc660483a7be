/**
 * Prepares TensorFlow.js for every use of it here: without its advertisement and its slow checks of every result, and with the gradients of its
 * kernels. Imported for its effect by whatever uses the library first.
 */
import * as tf from '@tensorflow/tfjs-core';
import './gradients/index.ts';

tf.enableProdMode();
