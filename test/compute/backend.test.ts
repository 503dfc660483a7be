import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { candidates, chooseBackend, preference, tryBackend } from '../../main/compute/backend.ts';
import type { BackendCandidate } from '../../main/compute/backends/candidate.ts';
import { runDoctor } from '../../main/compute/doctor.ts';
import { IsochromatError } from '../../main/domain/errors.ts';

afterEach(() => vi.restoreAllMocks());

describe('Choosing a backend', () => {
  it('takes the first that works and says why those before it do not', async () => {
    const lines: string[] = [];
    const chosen = await chooseBackend({ log: (line) => lines.push(line) });
    expect(tf.getBackend()).toMatch(/^(tensorflow|webgpu|cpu-simd|wasm)$/);
    expect(chosen.tried.at(-1)).toMatchObject({ name: chosen.backend, works: true, reason: '' });
    expect(chosen.tried.map(({ name }) => name)).toEqual(preference.slice(0, lines.length).map(({ name }) => name));
    for (const attempt of chosen.tried.slice(0, -1)) {
      expect(attempt.works).toBe(false);
      expect(attempt.reason).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('never takes plain JavaScript unasked', async () => {
    expect(preference.map(({ name }) => name)).not.toContain('cpu');
    const chosen = await chooseBackend({ override: 'cpu' });
    expect(chosen).toMatchObject({ backend: 'cpu', device: '1 CPU thread' });
    expect(tf.getBackend()).toBe('cpu');
  });

  it('takes the one asked for, or says why it cannot', async () => {
    expect((await chooseBackend({ override: 'wasm' })).backend).toBe('wasm');
    await expect(chooseBackend({ override: 'abacus' })).rejects.toThrow(
      /no backend named abacus.*tensorflow.*cpu-simd/,
    );
    await expect(chooseBackend({ override: 'tensorflow-gpu' })).rejects.toMatchObject({ code: 'backend-unavailable' });
  });

  it('rejects one that computes wrong numbers, and goes back to the one before', async () => {
    await chooseBackend({ override: 'wasm' });
    const liar: BackendCandidate = {
      ...candidates[0]!,
      name: 'liar',
      activate: async () => {
        if (!tf.findBackend('liar')) {
          tf.copyRegisteredKernels('cpu', 'liar');
          const honest = tf.getKernel('Conv2DBackpropFilter', 'cpu').kernelFunc;
          tf.unregisterKernel('Conv2DBackpropFilter', 'liar');
          tf.registerKernel({
            kernelName: 'Conv2DBackpropFilter',
            backendName: 'liar',
            kernelFunc: (call) => {
              const { strides } = call.attrs as { strides: number };
              const result = honest(call) as tf.TensorInfo;
              const { values } = (call.backend as unknown as { data: Map<object, { values: Float32Array }> }).data.get(
                result.dataId,
              )!;
              // Wrong in one number of one gradient at one stride.
              if (strides === 2) values[7]! += 1;
              return result;
            },
          });
          const { MathBackendCPU } = await import('@tensorflow/tfjs-backend-cpu/dist/backend_cpu.js');
          tf.registerBackend('liar', () => new MathBackendCPU());
        }
        await tf.setBackend('liar');
        return { device: 'none', version: '0' };
      },
    };
    expect(await tryBackend(liar)).toMatchObject({
      works: false,
      reason: expect.stringMatching(
        /stride 2 gave wrong numbers \(the gradient of its kernel\).*at position 7/,
      ) as unknown,
    });
    expect(tf.getBackend()).toBe('wasm');
  });

  it('reports a backend that throws, whatever it throws', async () => {
    const broken = { ...candidates[0]!, activate: () => Promise.reject(new Error('no such library')) };
    expect((await tryBackend(broken)).reason).toContain('no such library');
    const refused = new IsochromatError({ code: 'x', sentence: 'The driver is too old.', found: '1.0' });
    expect((await tryBackend({ ...broken, activate: () => Promise.reject(refused) })).reason).toBe(
      'The driver is too old. Found: 1.0.',
    );
  });

  it('is quiet: TensorFlow.js advertises nothing', async () => {
    const warn = vi.spyOn(console, 'warn');
    const log = vi.spyOn(console, 'log');
    await chooseBackend({ override: 'cpu' });
    await chooseBackend({ override: 'wasm' });
    expect(warn).not.toHaveBeenCalled();
    expect(log).not.toHaveBeenCalled();
  });
});

describe('The doctor', () => {
  it('tries every backend in a process of its own and names the chosen one', async () => {
    const report = await runDoctor();
    expect(report.backends.map(({ name }) => name)).toEqual(candidates.map(({ name }) => name));
    expect(report.node).toBe(process.version);
    expect(report.memoryBytes).toBeGreaterThan(1e8);
    expect(report.backends.filter(({ chosen }) => chosen)).toHaveLength(1);
    for (const { name, works, reason, remedy, gigaflops, version } of report.backends) {
      if (works) expect([reason, remedy, gigaflops! > 0, version.length > 0]).toEqual(['', '', true, true]);
      else expect([name, reason !== '', remedy !== '', gigaflops]).toEqual([name, true, true, null]);
    }
    expect(report.backends.find(({ name }) => name === 'wasm')!.works).toBe(true);
  });

  it('survives a backend that does not answer', async () => {
    const report = await runDoctor({ timeoutSeconds: 0.02 });
    expect(report.backends.every(({ works, reason }) => !works && reason.includes('had not answered'))).toBe(true);
  });
});
