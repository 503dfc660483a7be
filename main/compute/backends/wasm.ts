import * as tf from '@tensorflow/tfjs-core';
import '../library.ts';
import type { ActiveBackend, BackendCandidate } from './candidate.ts';
import { registerConvolutionGradients } from './convolution-gradients.ts';

/** TensorFlow.js' WebAssembly backend (XNNPACK), made able to train. */
export const wasm: BackendCandidate = {
  name: 'wasm',
  reasoning: 'TensorFlow.js’ own WebAssembly kernels: always there, one thread only; kept for comparison.',
  remedy: 'It comes with Isochromat.',
  activate: async (): Promise<ActiveBackend> => {
    const { version_wasm: version } = await import('@tensorflow/tfjs-backend-wasm');
    registerConvolutionGradients('wasm');
    if (!(await tf.setBackend('wasm'))) throw new Error('WebAssembly did not start.');
    return { device: '1 CPU thread', version };
  },
};
