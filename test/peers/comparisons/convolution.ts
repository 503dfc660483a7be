import type { ConvolutionSettings } from '../tasks/convolution.ts';
import type { SideDescription } from '../side.ts';
import { OURS, PYTORCH } from './comparison.ts';
import type { Comparison } from './comparison.ts';
import { normals } from './models.ts';

const [batch, size, channels] = [32, 24, 64];
const operations = 2 * 9 * batch * size * size * channels * channels;

const sides: readonly SideDescription[] = [
  { name: OURS, program: 'node', task: 'convolution', settings: { backend: 'cpu-simd' } },
  { name: PYTORCH, program: 'python', task: 'convolution' },
  { name: 'tfjs-node', program: 'node', task: 'convolution', settings: { backend: 'tensorflow' } },
  { name: 'tfjs-wasm', program: 'node', task: 'convolution', settings: { backend: 'wasm' } },
  { name: 'peak in WebAssembly', program: 'node', task: 'webassembly-peak' },
  { name: 'peak of native code', program: 'node', task: 'native-peak' },
];

/** The convolution that most of the networks' time goes into; operations are those of the plain sum, whatever the algorithm. */
function convolution(name: string, gradients: boolean, atLeast: number): Comparison {
  const settings: ConvolutionSettings = { batch, size, channels, gradients };
  const image = [batch, size, size, channels];
  return {
    name: `convolution-${name}`,
    title: `Convolution 3×3, ${channels} to ${channels} channels, ${batch} images of ${size} × ${size}, ${name}`,
    sides,
    settings: { ...settings },
    ...{ amount: ((gradients ? 2 : 1) * operations) / 1e9, unit: 'GFLOP/s' },
    inputs: async () => ({
      arrays: {
        x: normals('x', image),
        dy: normals('dy', image),
        kernel: normals('kernel', [3, 3, channels, channels]),
      },
    }),
    tolerance: gradients ? { dx: 1e-4, dW: 1e-4 } : { y: 1e-4 },
    targets: [{ atLeast }],
  };
}

export const convolutionComparisons: readonly Comparison[] = [
  convolution('forward', false, 90),
  convolution('gradients', true, 80),
];
