import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Call, KernelDefinition } from './kernel.ts';
import { attribute, input, sizeOf } from './kernel.ts';

function adamW(call: Call): TensorInfo[] {
  const { backend, inputs } = call;
  const number = (name: string): number => attribute<number>(call, name);
  const tensors = [input(call, 'value'), input(call, 'gradient'), input(call, 'm'), input(call, 'v')];
  const n = sizeOf(input(call, 'value').shape);
  const addresses = [
    ...tensors.map((tensor) => backend.address(tensor)),
    inputs['ema'] == null ? 0 : backend.address(inputs['ema']),
  ];
  const [rate, step] = [number('learningRate'), number('step')];
  const reals = {
    ...{ 6: number('beta1'), 7: number('beta2'), 8: number('epsilon'), 9: 1 - rate * number('weightDecay') },
    ...{ 10: rate / (1 - number('beta1') ** step), 11: 1 / Math.sqrt(1 - number('beta2') ** step) },
    ...{ 12: number('gradientScale'), 13: number('emaDecay') },
  };
  backend.run('adamW', [...addresses, n], reals, 8 * n);
  return [];
}

export const optimiserKernels: KernelDefinition[] = [{ name: 'AdamWEma', compute: adamW }];
