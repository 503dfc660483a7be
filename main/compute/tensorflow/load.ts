import { createRequire } from 'node:module';
import { join } from 'node:path';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { registerNumericPadding } from './convolution-padding.ts';
import { layout } from './installation.ts';
import type { TensorFlowInstallation } from './installation.ts';

/** Under this symbol the kernels of an installation find *this* program's TensorFlow.js; see `coreShim`. */
const sharedCore = Symbol.for('isochromat.tfjs-core');

/**
 * Stands in an installation in place of the packages `@tensorflow/tfjs` and `tfjs-core`, which tfjs-node requires: its kernels are registered with, and its
 * tensors belong to, the one TensorFlow.js that the program runs. Nothing of the umbrella package (layers, converters, WebGL) is needed.
 */
export const coreShim = `module.exports = globalThis[Symbol.for('isochromat.tfjs-core')];\n`;

interface Binding {
  TF_Version: string;
  isUsingGpuDevice: () => boolean;
}

let loaded: { binding: Binding; installation: TensorFlowInstallation } | null = null;

/**
 * Loads an installation into this process and registers the backend `tensorflow`. A process can hold one TensorFlow library only: the
 * first that is loaded stays.
 */
export function loadTensorFlow(installation: TensorFlowInstallation): { version: string; usesGpu: boolean } {
  loaded ??= load(installation);
  return { version: loaded.binding.TF_Version, usesGpu: loaded.binding.isUsingGpuDevice() };
}

/** The installation that this process has loaded. */
export function loadedInstallation(): TensorFlowInstallation | null {
  return loaded?.installation ?? null;
}

function load(installation: TensorFlowInstallation): NonNullable<typeof loaded> {
  // TensorFlow's C++ log writes to standard error by itself: errors only, unless the user asks for more; the GPU
  // build reports errors that are none (factories registered twice), so there nothing but crashes.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= installation.device === 'gpu' ? '3' : '2';
  restoreRemovedFunctions();
  const ours = createRequire(import.meta.url);
  Object.defineProperty(globalThis, sharedCore, { value: ours('@tensorflow/tfjs-core'), configurable: true });

  const root = join(installation.folder, layout.package);
  const theirs = createRequire(join(root, 'package.json'));
  const binding = theirs(join(installation.folder, layout.binding)) as Binding;
  theirs('./dist/register_all_kernels.js');
  registerNumericPadding();
  const { NodeJSKernelBackend } = theirs('./dist/nodejs_kernel_backend.js') as {
    NodeJSKernelBackend: new (binding: Binding, packageName: string) => tf.KernelBackend;
  };
  const packageName = installation.device === 'gpu' ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
  tf.registerBackend('tensorflow', () => new NodeJSKernelBackend(binding, packageName), 3);
  return { binding, installation };
}

/** tfjs-node 4.22 calls two functions that Node has removed or warns about since. */
function restoreRemovedFunctions(): void {
  const functions = util as unknown as Record<string, unknown>;
  functions['isNullOrUndefined'] = (value: unknown): boolean => value === null || value === undefined;
  functions['isArray'] = Array.isArray;
}
