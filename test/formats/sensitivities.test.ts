import { describe, expect, test } from 'vitest';
import { areSensitivities } from '../../main/formats/sensitivities.ts';
import { readNpyAs } from '../../main/formats/npy.ts';
import { dataFile, describeWithData } from '../data.ts';

const PIXELS = 64;

/** Asks it of a stack, and says how many of its images were read beside the one that is given. */
async function ask(stack: readonly Float32Array[]): Promise<{ answer: boolean; read: number }> {
  let read = 0;
  const answer = await areSensitivities(stack.length, stack[Math.floor(stack.length / 2)]!, async (index) => {
    read += 1;
    return stack[index]!;
  });
  return { answer, read };
}

/** Complex images whose magnitude at a pixel is told, with some phase. */
function stackOf(count: number, magnitude: (image: number, pixel: number) => number): Float32Array[] {
  return Array.from({ length: count }, (_, image) =>
    Float32Array.from({ length: 2 * PIXELS }, (_, i) => {
      const pixel = i >> 1;
      const part = i % 2 === 0 ? Math.cos : Math.sin;
      return magnitude(image, pixel) * part(image + pixel);
    }),
  );
}

/** Magnitudes of three coils along a line of pixels, of length 1 together. */
function coils(image: number, pixel: number): number {
  const strength = (coil: number): number => 1 / (1 + (pixel / PIXELS - coil / 2) ** 2);
  return strength(image) / Math.hypot(strength(0), strength(1), strength(2));
}

describe('a stack of complex images', () => {
  test('of length 1 together, or 0 outside of the head, is one of coil sensitivities', async () => {
    const masked = stackOf(3, (image, pixel) => (pixel < 10 ? 0 : coils(image, pixel)));
    expect((await ask(masked)).answer).toBe(true);
  });

  test.each([
    ['one image', stackOf(1, () => 1)],
    ['nothing but zeros', stackOf(3, () => 0)],
    ['phases alone', stackOf(3, () => 1)],
    ['what is not a number', stackOf(3, () => NaN)],
    [
      'coil images, which are weighted by the signal',
      stackOf(3, (image, pixel) => coils(image, pixel) * (0.3 + pixel / 100)),
    ],
  ])('is not with %s', async (_, stack) => {
    expect((await ask(stack)).answer).toBe(false);
  });

  test('is known by its middle image, where that is stronger than any sensitivity', async () => {
    expect(await ask(stackOf(40, () => 1000))).toEqual({ answer: false, read: 0 });
    expect((await ask(stackOf(40, () => 0.9))).read).toBe(2);
  });
});

describeWithData('maps that another program computed', () => {
  test.each(['brainA_8coil_fully_sampled', 'brainB_8coil_poisson_undersampled', 'brainC_8coil_r2_small_fov'])(
    'from %s are coil sensitivities, and its k-space is not',
    async (folder) => {
      for (const [name, expected] of [
        ['espirit_maps_m1.npy', true],
        ['kspace.npy', false],
      ] as const) {
        const { shape, data } = await readNpyAs(dataFile('kspace', folder, name), 'complex64');
        const length = data.length / shape[0]!;
        const stack = Array.from({ length: shape[0]! }, (_, i) => data.subarray(i * length, (i + 1) * length));
        expect((await ask(stack)).answer).toBe(expected);
      }
    },
  );
});
