import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IsochromatError } from '../../main/domain/errors.ts';
import { shuffledOrder } from '../../main/training/order.ts';
import { balancedOrder } from '../../main/training/weighted-sampler.ts';

describe('the shuffled order', () => {
  it('reads every item once an epoch, and differs between epochs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 9 }), (items, batch) => {
        const order = shuffledOrder(items, batch, 3);
        const steps = items; // `items` steps of `batch` are exactly `batch` epochs
        const read = Array.from({ length: steps }, (_, step) => [...order.indices(step)]).flat();
        for (let epoch = 0; epoch < batch; epoch++) {
          const one = read.slice(epoch * items, (epoch + 1) * items);
          expect([...one].sort((a, b) => a - b)).toEqual(Array.from({ length: items }, (_, i) => i));
        }
      }),
    );
    const order = shuffledOrder(50, 50, 3);
    expect(order.indices(0)).not.toEqual(order.indices(1));
  });

  it('is a function of seed and step alone', () => {
    const walked = shuffledOrder(17, 4, 'seed');
    for (let step = 0; step < 20; step++) walked.indices(step);
    expect(walked.indices(20)).toEqual(shuffledOrder(17, 4, 'seed').indices(20));
    expect(walked.indices(20)).not.toEqual(shuffledOrder(17, 4, 'other').indices(20));
  });
});

describe('balanced sampling', () => {
  it('draws every stratum equally often however unequal their sizes', () => {
    const strata = [...Array<string>(900).fill('a'), ...Array<string>(90).fill('b'), ...Array<string>(10).fill('c')];
    const order = balancedOrder(strata, 100, 1);
    const drawn = { a: 0, b: 0, c: 0 };
    for (let step = 0; step < 90; step++) {
      for (const i of order.indices(step)) drawn[strata[i] as 'a' | 'b' | 'c'] += 1;
    }
    // 9000 draws, standard deviation 45.
    for (const count of Object.values(drawn)) expect(Math.abs(count - 3000)).toBeLessThan(200);
  });

  it('draws the members of a stratum equally often', () => {
    const order = balancedOrder([0, 0, 0, 0, 1], 80, 1);
    const drawn = new Array<number>(5).fill(0);
    for (let step = 0; step < 100; step++) for (const i of order.indices(step)) drawn[i]! += 1;
    for (const count of drawn.slice(0, 4)) expect(Math.abs(count - 1000)).toBeLessThan(150);
    expect(Math.abs(drawn[4]! - 4000)).toBeLessThan(250);
  });

  it('refuses an empty set', () => {
    expect(() => balancedOrder([], 4, 1)).toThrow(IsochromatError);
  });
});
