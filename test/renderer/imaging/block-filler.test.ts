import { describe, expect, it } from 'vitest';
import { BlockFiller } from '../../../renderer/imaging/block-filler.ts';

const values = Float32Array.from({ length: 2 * 3 * 4 * 2 }, (_, i) => i);
const bytes = new Uint8Array(values.buffer);

/** Fed in pieces of so many bytes. */
function filled(shape: number[], size: number): BlockFiller {
  const block = new BlockFiller(shape);
  for (let at = 0; at < bytes.length; at += size) block.put(bytes.subarray(at, at + size));
  return block;
}

describe('a block of slices as it arrives', () => {
  it('is the same slices however its bytes are cut', () => {
    for (const size of [1, 3, 7, 96, 100, bytes.length]) {
      const slices = filled([2, 3, 4], size).slices();
      expect(slices.map(({ rows, columns }) => [rows, columns])).toEqual([
        [3, 4],
        [3, 4],
      ]);
      expect(slices.map(({ data }) => data)).toEqual([values.slice(0, 24), values.slice(24)]);
      expect(slices[0]!.data.buffer).not.toBe(slices[1]!.data.buffer);
    }
  });

  it('may be one slice', () => {
    expect(filled([6, 4], 5).slices()).toEqual([{ rows: 6, columns: 4, data: values }]);
  });

  it('is refused when bytes are missing or too many', () => {
    expect(() => filled([3, 3, 4], 50).slices()).toThrow(RangeError);
    expect(() => filled([1, 3, 4], 50)).toThrow(RangeError);
  });
});
