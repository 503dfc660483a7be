import * as tf from '@tensorflow/tfjs-core';
import '../library.ts';
import type { CpuSimdBackend } from './cpu-simd/backend.ts';
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
    const { threads, build } = (tf.backend() as CpuSimdBackend).pool;
    const registers = { wide: '256 bits', relaxed: '128 bits', plain: '128 bits, no fused multiply-add' }[build];
    return { device: `${threads} CPU thread${threads === 1 ? '' : 's'}, ${registers}`, version: '2' };
  },
};
