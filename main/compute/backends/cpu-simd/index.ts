import type { KernelFunc } from '@tensorflow/tfjs-core';
import { engine, getKernel, registerBackend, registerKernel } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { KernelBuild } from '../../../kernels/loader.ts';
import { KernelPool } from '../../../kernels/thread-pool.ts';
import { CpuSimdBackend, backendName } from './backend.ts';
import { fallbackKernels } from './fallback.ts';
import { attentionKernels } from './kernels/attention.ts';
import { blockKernels } from './kernels/blocks.ts';
import { convolutionKernels } from './kernels/convolution.ts';
import { elementwiseKernels } from './kernels/elementwise.ts';
import { indexingKernels, resamplingKernels } from './kernels/indexing.ts';
import { kernelFunction } from './kernels/kernel.ts';
import { layoutKernels } from './kernels/layout.ts';
import { matmulKernels } from './kernels/matmul.ts';
import { normalisationKernels } from './kernels/normalisation.ts';
import { optimiserKernels } from './kernels/optimiser.ts';
import { reductionKernels } from './kernels/reduction.ts';

export { fallbackCounts, resetFallbackCounts } from './fallback.ts';

export interface CpuSimdOptions {
  /** Threads that share the work, the calling one among them. Default: the cores. */
  threads?: number;
  /** The best build of the kernels to take; a lesser one is taken where the engine has not what it needs. */
  build?: KernelBuild;
}

const definitions = [
  ...elementwiseKernels,
  ...reductionKernels,
  ...layoutKernels,
  ...convolutionKernels,
  ...matmulKernels,
  ...indexingKernels,
  ...resamplingKernels,
  ...attentionKernels,
  ...normalisationKernels,
  ...blockKernels,
  ...optimiserKernels,
];

/** Names of the operations that have a kernel of their own on cpu-simd. */
export const ownKernels: readonly string[] = definitions.map(({ name }) => name);

/**
 * Registers the TensorFlow.js backend `cpu-simd` (then `await tf.setBackend('cpu-simd')`): our WebAssembly kernels, and
 * TensorFlow.js' plain JavaScript kernels for every other operation (`fallbackCounts` tells which have run). Registering again does nothing;
 * for other options call `tf.removeBackend('cpu-simd')` first.
 * Throws `kernels-missing` or `kernels-stale` (IsochromatError) where `npm run build:wasm` is needed.
 */
export async function registerCpuSimd(options: CpuSimdOptions = {}): Promise<void> {
  if (backendName in engine().registryFactory) return;
  const pool = await KernelPool.create({ ...options, modules: ['tensor'] });
  registerKernels();
  registerBackend(backendName, () => new CpuSimdBackend(pool), 1);
}

function registerKernels(): void {
  const own = new Set(ownKernels);
  const wrapped = definitions.map((definition) => ({
    kernelName: definition.name,
    kernelFunc: kernelFunction(definition) as KernelFunc,
  }));
  for (const kernel of [...wrapped, ...fallbackKernels(own)]) {
    if (getKernel(kernel.kernelName, backendName) === undefined) registerKernel({ ...kernel, backendName });
  }
}
