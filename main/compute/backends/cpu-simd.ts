import { availableParallelism } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import '../library.ts';
import type { ActiveBackend, BackendCandidate } from './candidate.ts';

/** Isochromat's own WebAssembly kernels on all cores. */
export const cpuSimd: BackendCandidate = {
  name: 'cpu-simd',
  reasoning: 'Isochromat’s own kernels on every core: nothing to install, on any processor.',
  remedy: 'It comes with Isochromat; npm run build:wasm compiles its kernels.',
  activate: async (): Promise<ActiveBackend> => {
    const { registerCpuSimd } = await import('./cpu-simd/index.ts');
    await registerCpuSimd();
    if (!(await tf.setBackend('cpu-simd'))) throw new Error('The WebAssembly kernels did not start.');
    const threads = availableParallelism();
    return { device: `${threads} CPU thread${threads === 1 ? '' : 's'}`, version: '1' };
  },
};
