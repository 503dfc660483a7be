import * as tf from '@tensorflow/tfjs-core';
import { IsochromatError } from '../../domain/errors.ts';
import '../library.ts';
import type { ActiveBackend, BackendCandidate } from './candidate.ts';

/** What is used of the `webgpu` package (Dawn) and of the standard it implements. */
interface Dawn {
  create: (flags: string[]) => { requestAdapter: (options: object) => Promise<Adapter | null> };
  globals: object;
}
interface Adapter {
  info: { vendor: string; architecture: string; device: string; description: string; isFallbackAdapter?: boolean };
}

/** Any vendor's GPU through Dawn: Vulkan, Metal or Direct3D 12. */
export const webgpu: BackendCandidate = {
  name: 'webgpu',
  reasoning: 'Any vendor’s GPU without a vendor’s toolkit.',
  remedy: 'npm install webgpu @tensorflow/tfjs-backend-webgpu, on a machine with a GPU and its driver.',
  activate: async (): Promise<ActiveBackend> => {
    const dawn = (await optional('webgpu')) as Dawn;
    const { version_webgpu: version = '' } = (await optional('@tensorflow/tfjs-backend-webgpu')) as {
      version_webgpu?: string;
    };
    const gpu = dawn.create([]);
    Object.assign(globalThis, dawn.globals);
    Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (adapter === null)
      throw unavailable('There is no GPU, or its driver offers neither Vulkan, Metal nor Direct3D 12.');
    const device = describe(adapter);
    if (isSoftware(adapter))
      throw unavailable(`The only adapter computes in software (${device}), which is slower than the CPU itself.`);
    if (!(await tf.setBackend('webgpu'))) throw unavailable(`TensorFlow.js could not start on ${device}.`);
    return { device, version };
  },
};

async function optional(name: string): Promise<unknown> {
  try {
    return await import(name);
  } catch (error) {
    throw unavailable(`The package ${name} is not installed.`, error);
  }
}

function unavailable(sentence: string, cause?: unknown): IsochromatError {
  return new IsochromatError({ code: 'backend-unavailable', sentence, cause });
}

function describe({ info }: Adapter): string {
  return info.description || [info.vendor, info.architecture, info.device].filter(Boolean).join(' ') || 'a GPU';
}

function isSoftware({ info }: Adapter): boolean {
  const all = `${info.vendor} ${info.architecture} ${info.device} ${info.description}`;
  return info.isFallbackAdapter === true || /swiftshader|llvmpipe|lavapipe|software|basic render/i.test(all);
}
