import { availableParallelism } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { IsochromatError } from '../../domain/errors.ts';
import '../library.ts';
import type { ActiveBackend, BackendCandidate } from './candidate.ts';

/** Isochromat's own WebAssembly kernels on all cores. */
export const cpuSimd: BackendCandidate = {
  name: 'cpu-simd',
  reasoning: 'Isochromat’s own kernels on every core: nothing to install, on any processor.',
  remedy: 'It comes with Isochromat; npm run build:wasm compiles its kernels.',
  activate: async (): Promise<ActiveBackend> => {
    const entry = './cpu-simd/index.ts';
    const { registerCpuSimd } = (await import(entry).catch((cause: unknown) => {
      throw new IsochromatError({
        code: 'backend-unavailable',
        sentence: 'The WebAssembly kernels could not be loaded.',
        found: cause instanceof Error ? cause.message : String(cause),
        cause,
      });
    })) as { registerCpuSimd: () => Promise<void> };
    await registerCpuSimd();
    if (!(await tf.setBackend('cpu-simd'))) throw new Error('The WebAssembly kernels did not start.');
    const threads = availableParallelism();
    return { device: `${threads} CPU thread${threads === 1 ? '' : 's'}`, version: '1' };
  },
};
