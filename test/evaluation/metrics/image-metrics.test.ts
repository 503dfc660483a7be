import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { magnitude } from '../../../main/domain/complex.ts';
import { Random } from '../../../main/domain/random.ts';
import { meanAbsoluteError } from '../../../main/evaluation/metrics/mean-absolute-error.ts';
import { phaseCoherence } from '../../../main/evaluation/metrics/phase-coherence.ts';
import { psnr } from '../../../main/evaluation/metrics/psnr.ts';
import { ssim } from '../../../main/evaluation/metrics/ssim.ts';
import { compareImages } from '../../../main/evaluation/reconstruction.ts';
import { imageMetrics, referencePatches } from '../reference.ts';

const targets = await referencePatches('target');
const predictions = await referencePatches('prediction');

describe('image metrics on real brain patches', () => {
  it.each(imageMetrics.map((reference, k) => ({ k, reference })))(
    'equal scikit-image on patch $k',
    ({ k, reference }) => {
      const target = targets[k]!;
      const prediction = predictions[k]!;
      const metrics = compareImages(prediction, target);
      expect(metrics.phaseCoherence).toBeCloseTo(reference.phase_coherence, 12);
      expect(metrics.ssim).toBeCloseTo(reference.ssim, 11);
      if (reference.psnr_db === null) expect(metrics.psnr).toBeNull();
      else expect(metrics.psnr).toBeCloseTo(reference.psnr_db, 9);
      const mae = meanAbsoluteError(magnitude(prediction.data), magnitude(target.data));
      expect(mae).toBeCloseTo(reference.mean_absolute_error, 8);
    },
  );
});

describe('phase coherence', () => {
  const patch = targets[1]!.data;

  it('does not see one constant phase, nor a positive scale', () => {
    fc.assert(
      fc.property(fc.double({ min: -4, max: 4, noNaN: true }), fc.double({ min: 0.1, max: 9, noNaN: true }), (φ, s) => {
        const turned = turn(patch, () => φ, s);
        expect(phaseCoherence(turned, patch)).toBeCloseTo(1, 12);
      }),
      { numRuns: 20 },
    );
  });

  it('falls to exp(−σ²/2) under phase noise of standard deviation σ', () => {
    const random = new Random(5);
    const flat = turn(new Float64Array(2 * 200_000).fill(1), () => 0.8 * random.normal());
    expect(phaseCoherence(flat, new Float64Array(flat.length).fill(1))).toBeCloseTo(Math.exp(-0.32), 2);
  });

  it('does not exist for an image without signal', () => {
    expect(phaseCoherence(new Float32Array(8), new Float32Array(8).fill(1))).toBeNull();
  });
});

describe('SSIM, PSNR and mean absolute error', () => {
  it('are symmetric, and SSIM is at most 1', () => {
    const pixels = fc.float64Array({ min: 0, max: 1.5, noNaN: true, minLength: 99, maxLength: 99 });
    fc.assert(
      fc.property(pixels, pixels, (a, b) => {
        const size = { rows: 9, columns: 11 };
        expect(ssim(a, b, size)).toBeCloseTo(ssim(b, a, size), 12);
        expect(ssim(a, b, size)).toBeLessThanOrEqual(1 + 1e-12);
        expect(psnr(a, b)).toEqual(psnr(b, a));
        expect(meanAbsoluteError(a, b)).toBe(meanAbsoluteError(b, a));
      }),
      { numRuns: 50 },
    );
  });

  it('count errors above the data range in full', () => {
    expect(psnr([3], [1])).toBeCloseTo(-20 * Math.log10(2), 12);
  });

  it('refuse arrays that do not pair up, and images smaller than the window', () => {
    expect(() => psnr([1, 2], [1])).toThrow(/Found: 2 and 1 values/);
    expect(() => meanAbsoluteError([], [])).toThrow(/at least one value/);
    expect(() => ssim(new Float32Array(36), new Float32Array(36), { rows: 6, columns: 6 })).toThrow(/at least 7 rows/);
  });
});

function turn(data: ArrayLike<number>, angle: () => number, scale = 1): Float64Array {
  const out = new Float64Array(data.length);
  for (let i = 0; i < data.length; i += 2) {
    const φ = angle();
    out[i] = scale * (data[i]! * Math.cos(φ) - data[i + 1]! * Math.sin(φ));
    out[i + 1] = scale * (data[i]! * Math.sin(φ) + data[i + 1]! * Math.cos(φ));
  }
  return out;
}
