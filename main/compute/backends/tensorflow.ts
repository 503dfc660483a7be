import { availableParallelism } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { IsochromatError } from '../../domain/errors.ts';
import { findInstallation } from '../tensorflow/installation.ts';
import type { TensorFlowInstallation } from '../tensorflow/installation.ts';
import { loadTensorFlow, loadedInstallation } from '../tensorflow/load.ts';
import '../library.ts';
import type { ActiveBackend, BackendCandidate } from './candidate.ts';

/** TensorFlow's C library on an NVIDIA GPU. */
export const tensorflowGpu: BackendCandidate = {
  name: 'tensorflow-gpu',
  reasoning: 'CUDA and cuDNN: the fastest where there is an NVIDIA GPU.',
  remedy: 'npm run setup:tensorflow -- --gpu, on Linux with an NVIDIA driver.',
  activate: async (): Promise<ActiveBackend> => {
    const { version, usesGpu } = loadTensorFlow(installed('gpu', 'npm run setup:tensorflow -- --gpu'));
    if (!usesGpu) throw unavailable('TensorFlow found no NVIDIA GPU, or no driver for it.');
    await start();
    return { device: 'NVIDIA GPU (CUDA)', version };
  },
};

/** TensorFlow's C library on the processor's cores. */
export const tensorflowCpu: BackendCandidate = {
  name: 'tensorflow',
  reasoning: 'TensorFlow’s C library with oneDNN on all cores.',
  remedy: 'npm run setup:tensorflow, with Python’s pip and a C++ compiler.',
  activate: async (): Promise<ActiveBackend> => {
    const installation = loadedInstallation() ?? installed('cpu', 'npm run setup:tensorflow');
    const { version, usesGpu } = loadTensorFlow(installation);
    if (usesGpu) throw unavailable('This process already runs TensorFlow on a GPU.');
    await start();
    const threads = availableParallelism();
    return { device: `${threads} CPU thread${threads === 1 ? '' : 's'}`, version };
  },
};

function installed(device: 'cpu' | 'gpu', command: string): TensorFlowInstallation {
  const installation = findInstallation(device);
  if (installation === null) throw unavailable(`Not installed; ${command} installs it.`);
  return installation;
}

async function start(): Promise<void> {
  if (!(await tf.setBackend('tensorflow'))) throw unavailable('TensorFlow’s library did not start.');
}

function unavailable(sentence: string): IsochromatError {
  return new IsochromatError({ code: 'backend-unavailable', sentence });
}
