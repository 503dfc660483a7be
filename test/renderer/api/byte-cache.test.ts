import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteCache } from '../../../renderer/api/byte-cache.ts';

describe('the cache of pictures', () => {
  it('lets go of what was used longest ago', () => {
    const cache = new ByteCache<string>(100);
    cache.set('a', 'A', 40);
    cache.set('b', 'B', 40);
    expect(cache.get('a')).toBe('A');
    cache.set('c', 'C', 40);
    expect(cache.get('b')).toBeUndefined();
    expect(cache.get('a')).toBe('A');
  });

  it('keeps within its bytes, but for one that is larger alone', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.integer({ min: 0, max: 60 }))),
        (steps) => {
          const cache = new ByteCache<number>(100);
          for (const [key, bytes] of steps) cache.set(key, bytes, bytes);
          expect(cache.bytes).toBeLessThanOrEqual(100);
          const held = ['a', 'b', 'c', 'd', 'e'].reduce((sum, key) => sum + (cache.get(key) ?? 0), 0);
          expect(cache.bytes).toBe(held);
        },
      ),
    );
  });
});
