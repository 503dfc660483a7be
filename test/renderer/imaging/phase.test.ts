import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { circularMean, phaseDifference, phaseOf, wrap } from '../../../renderer/imaging/phase.ts';

const complex = (...phases: number[]): Float32Array =>
  Float32Array.from(phases.flatMap((p) => [Math.cos(p), Math.sin(p)]));

describe('phase', () => {
  it('wraps to −π … π without changing what it points to', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e4, max: 1e4, noNaN: true }), (phase) => {
        const wrapped = wrap(phase);
        expect(wrapped).toBeGreaterThan(-Math.PI - 1e-9);
        expect(wrapped).toBeLessThanOrEqual(Math.PI + 1e-9);
        expect(Math.cos(wrapped)).toBeCloseTo(Math.cos(phase), 6);
        expect(Math.sin(wrapped)).toBeCloseTo(Math.sin(phase), 6);
      }),
    );
    expect(wrap(-Math.PI)).toBe(Math.PI);
  });

  it('differs from a reference by the short way round', () => {
    const difference = phaseDifference(complex(3, -3, 1), complex(-3, 3, 0.25));
    expect(difference[0]).toBeCloseTo(6 - 2 * Math.PI, 5);
    expect(difference[1]).toBeCloseTo(2 * Math.PI - 6, 5);
    expect(difference[2]).toBeCloseTo(0.75, 5);
    expect(Array.from(phaseOf(complex(0.5, -2)))).toEqual([expect.closeTo(0.5, 5), expect.closeTo(-2, 5)]);
  });

  it('has a mean direction that does not break at ±π', () => {
    const { mean, resultant, deviation } = circularMean([Math.PI - 0.1, -Math.PI + 0.1]);
    expect(Math.abs(mean)).toBeCloseTo(Math.PI, 6);
    expect(resultant).toBeCloseTo(Math.cos(0.1), 6);
    expect(deviation).toBeCloseTo(0.1, 2);
    expect(circularMean([0, Math.PI / 2], [3, 0]).mean).toBeCloseTo(0, 9);
    expect(circularMean([], []).mean).toBeNaN();
  });
});
