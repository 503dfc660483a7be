import * as tf from '@tensorflow/tfjs-core';
import { IsochromatError, asIsochromatError } from '../domain/errors.ts';
import type { BackendCandidate } from './backends/candidate.ts';
import { cpuSimd } from './backends/cpu-simd.ts';
import { javascript } from './backends/javascript.ts';
import { tensorflowCpu, tensorflowGpu } from './backends/tensorflow.ts';
import { wasm } from './backends/wasm.ts';
import { webgpu } from './backends/webgpu.ts';
import { checkConvolution } from './self-check.ts';
import './library.ts';

/**
 * The order of preference; each entry holds its reasoning. Plain JavaScript is not among them: it would take days, silently.
 * On the processor our own kernels come before TensorFlow’s: they fuse what costs memory passes there, and need no set-up.
 */
export const preference: readonly BackendCandidate[] = [tensorflowGpu, webgpu, cpuSimd, tensorflowCpu, wasm];

/** All that can be asked for by name. */
export const candidates: readonly BackendCandidate[] = [...preference, javascript];

/** What became of one candidate. */
export interface Attempt {
  name: string;
  works: boolean;
  /** Why not, in a sentence; empty where it works. */
  reason: string;
  device: string;
  version: string;
  /** To start it and to check its numbers. */
  ms: number;
}

export interface ChosenBackend {
  backend: string;
  device: string;
  version: string;
  /** Every candidate that was tried, in order; the last is the chosen one. */
  tried: Attempt[];
}

/**
 * Makes the first backend that works TensorFlow.js' active one. Works means: a convolution and its gradients gave the right numbers.
 * @param options `override`: only this one (`--backend`, or the setting); `log`: hears a line for each that was tried
 * @throws IsochromatError `backend-unknown` for a name that does not exist, `backend-unavailable` when none works, or the one asked for does not
 */
export async function chooseBackend(
  options: { override?: string; log?: (message: string) => void } = {},
): Promise<ChosenBackend> {
  const tried: Attempt[] = [];
  for (const candidate of options.override === undefined ? preference : [candidateNamed(options.override)]) {
    const attempt = await tryBackend(candidate);
    tried.push(attempt);
    options.log?.(`${attempt.name}: ${attempt.works ? `works on ${attempt.device}` : attempt.reason}`);
    if (attempt.works) return { backend: attempt.name, device: attempt.device, version: attempt.version, tried };
  }
  throw new IsochromatError({
    code: 'backend-unavailable',
    sentence:
      options.override === undefined
        ? 'There is no way to compute on this machine.'
        : `The backend ${options.override} does not work on this machine.`,
    found: tried.map(({ name, reason }) => `${name}: ${reason}`).join(' '),
    remedy:
      options.override === undefined
        ? 'isochromat doctor says more.'
        : `To get it: ${candidateNamed(options.override).remedy} Without --backend, the best that works is chosen.`,
  });
}

/** Starts one candidate, checks its numbers, and reports; it stays the active backend where it works. */
export async function tryBackend(candidate: BackendCandidate): Promise<Attempt> {
  const started = performance.now();
  const before = tf.engine().backendName as string | undefined;
  const report = { name: candidate.name, device: '', version: '', reason: '' };
  try {
    const active = await candidate.activate();
    await checkConvolution();
    return { ...report, ...active, works: true, ms: Math.round(performance.now() - started) };
  } catch (error) {
    if (before !== undefined && before !== null) await tf.setBackend(before);
    const { sentence, expected, found } = asIsochromatError(error);
    const details = [expected && `Expected: ${expected}.`, found && `Found: ${found}.`].filter(Boolean);
    const reason = [sentence, ...details].join(' ');
    return { ...report, works: false, reason, ms: Math.round(performance.now() - started) };
  }
}

/** @throws IsochromatError `backend-unknown` */
export function candidateNamed(name: string): BackendCandidate {
  const candidate = candidates.find((candidate) => candidate.name === name);
  if (candidate !== undefined) return candidate;
  throw new IsochromatError({
    code: 'backend-unknown',
    sentence: `There is no backend named ${name}.`,
    expected: `one of ${candidates.map(({ name }) => name).join(', ')}`,
  });
}
