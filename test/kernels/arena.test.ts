import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Arena } from '../../main/kernels/arena.ts';

const memory = (pages = 4, maximum = 4096): WebAssembly.Memory =>
  new WebAssembly.Memory({ initial: pages, maximum, shared: true });

describe('The arena', () => {
  it('never gives out overlapping or unaligned blocks, and joins all of them again, for random requests', () => {
    const request = fc.tuple(fc.boolean(), fc.nat(), fc.oneof(fc.nat(2000), fc.nat(3_000_000)));
    fc.assert(
      fc.property(fc.array(request, { maxLength: 300 }), (requests) => {
        const space = memory();
        const arena = new Arena(space, 65_536);
        const held = new Map<number, number>();
        for (const [release, choice, bytes] of requests) {
          if (release && held.size > 0) {
            const block = [...held.keys()][choice % held.size] as number;
            arena.release(block);
            held.delete(block);
          } else {
            held.set(arena.allocate(bytes), bytes);
          }
        }
        const extents = [...held].map(([block, bytes]) => [arena.address(block), bytes] as const);
        extents.sort(([a], [b]) => a - b);
        extents.forEach(([address, bytes], i) => {
          expect(address % 64).toBe(0);
          expect(address).toBeGreaterThanOrEqual(65_536);
          expect(address + bytes).toBeLessThanOrEqual(extents[i + 1]?.[0] ?? space.buffer.byteLength);
        });
        for (const block of held.keys()) arena.release(block);
        expect(arena.usedBytes).toBe(0);
        // All free memory is one block again: a request for nearly all of it needs no growth.
        const before = arena.reservedBytes;
        arena.allocate((before - 65_536) * 0.9);
        expect(arena.reservedBytes).toBe(before);
      }),
      { numRuns: 60, seed: 29 },
    );
  });

  it('finds the same places for a loop that repeats its requests', () => {
    const space = memory();
    const arena = new Arena(space, 65_536);
    const round = (): number[] => {
      const blocks = [100, 70_000, 5, 1_000_000, 64, 70_000].map((bytes) => arena.allocate(bytes));
      const places = blocks.map((block) => arena.address(block));
      for (const i of [1, 0, 4, 2, 5, 3]) arena.release(blocks[i] as number);
      return places;
    };
    const first = round();
    const size = arena.reservedBytes;
    for (let i = 0; i < 100; i++) expect(round()).toEqual(first);
    expect(arena.reservedBytes).toBe(size);
  });

  it('says so when the memory has no more to give, and goes on with what it has', () => {
    const arena = new Arena(memory(4, 16), 65_536);
    expect(() => arena.allocate(2 ** 21)).toThrow(/needs more memory than is available.*Use a smaller batch or preset/);
    expect(arena.address(arena.allocate(1000))).toBe(65_536);
  });
});
