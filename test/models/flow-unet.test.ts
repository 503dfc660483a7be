import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { UNKNOWN_SEQUENCE } from '../../main/models/conditions.ts';
import { CLASS_TABLE, classTableParameters, flowParameters, velocity } from '../../main/models/flow-unet.ts';
import { parameterCount } from '../../main/models/parameters.ts';
import { PRESETS } from '../../main/models/presets.ts';
import { deadParameters, normalTensor, testBackend, TINY_FLOW, variables } from './tiny.ts';

beforeAll(testBackend);

const shape = [3, 8, 8, 2];

describe('the flow U-Net', () => {
  it('has about 40 million parameters in the paper preset and 10 million in the laptop one', () => {
    expect(parameterCount(flowParameters(PRESETS.paper.flow.architecture)) / 1e6).toBeCloseTo(39.2, 1);
    expect(parameterCount(flowParameters(PRESETS.laptop.flow.architecture)) / 1e6).toBeCloseTo(9.8, 1);
  });

  it('keeps the shape, and starts at velocity zero', () => {
    const p = variables(flowParameters(TINY_FLOW));
    const v = velocity(TINY_FLOW, p, normalTensor('x', shape), { time: [0, 0.5, 1], sequence: [0, 1, 2] });
    expect(v.shape).toEqual(shape);
    expect(v.dataSync().every((value) => value === 0)).toBe(true);
  });

  it('preconditioned, starts at the exact velocity between white noise and white Gaussian data', () => {
    const p = variables(flowParameters(TINY_FLOW));
    const x = normalTensor('x', shape);
    const time = [0, 0.3, 1];
    const preconditioned = { ...TINY_FLOW, preconditioning: 'gaussian' } as const;
    const v = velocity(preconditioned, p, x, { time, sequence: [0, 1, 2] }).dataSync();
    x.dataSync().forEach((value, i) => {
      const t = time[Math.floor(i / 128)]!;
      expect(v[i]).toBeCloseTo((value * (2 * t - 1)) / ((1 - t) ** 2 + t ** 2), 5);
    });
  });

  it('depends on time, sequence and x, sample by sample', () => {
    const p = variables(flowParameters(TINY_FLOW), 0.1);
    const x = normalTensor('x', shape);
    const run = (time: number[], sequence: number[]): Float32Array =>
      velocity(TINY_FLOW, p, x, { time, sequence }).dataSync<'float32'>();
    const changed = (a: Float32Array, b: Float32Array): boolean[] =>
      [0, 1, 2].map((n) =>
        a.slice(128 * n, 128 * (n + 1)).some((value, i) => Math.abs(value - b[128 * n + i]!) > 1e-5),
      );
    const base = run([0.1, 0.5, 0.9], [0, 1, 2]);
    expect(changed(base, run([0.1, 0.6, 0.9], [0, 1, 2]))).toEqual([false, true, false]);
    expect(changed(base, run([0.1, 0.5, 0.9], [UNKNOWN_SEQUENCE, 1, 2]))).toEqual([true, false, false]);
  });

  it('starts stage 2 exactly where stage 1 ended: the class table is zero', () => {
    const p = variables(flowParameters(TINY_FLOW), 0.1);
    const stage2 = variables(classTableParameters(TINY_FLOW));
    const both = { get: (name: string) => stage2.all.get(name) ?? p.get(name) };
    const x = normalTensor('x', shape);
    const condition = { time: [0.2, 0.4, 0.6], sequence: [0, 1, 2] };
    const before = velocity(TINY_FLOW, p, x, condition).dataSync();
    expect(velocity(TINY_FLOW, both, x, { ...condition, tissue: [0, 1, 2] }).dataSync()).toEqual(before);
  });

  it('sends a gradient to every parameter, the class table included', () => {
    const p = variables([...flowParameters(TINY_FLOW), ...classTableParameters(TINY_FLOW)], 0.1);
    expect(p.all.has(CLASS_TABLE)).toBe(true);
    const x = normalTensor('x', [6, 8, 8, 2]);
    const condition = { time: [0, 0.2, 0.4, 0.6, 0.8, 1], sequence: [0, 1, 2, 3, 4, 5], tissue: [0, 1, 2, 0, 1, 2] };
    expect(deadParameters(p, () => tf.mean(tf.square(velocity(TINY_FLOW, p, x, condition))))).toEqual([]);
  });

  it('has attention where the preset asks for it and in the middle', () => {
    const names = flowParameters(PRESETS.paper.flow.architecture).map(({ name }) => name);
    const attended = new Set(names.filter((n) => n.includes('attention')).map((n) => n.split('.attention')[0]));
    expect([...attended].sort()).toEqual(
      [
        'down2.0',
        'down2.1',
        'down3.0',
        'down3.1',
        'middle.0',
        'up2.0',
        'up2.1',
        'up2.2',
        'up3.0',
        'up3.1',
        'up3.2',
      ].sort(),
    );
  });
});
