import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../main/domain/random.ts';
import { ReconKernels } from '../../main/kernels/recon-kernels.ts';
import { calibrationRegion } from '../../main/recon/calibration.ts';
import { chooseEngine, referenceEngine, simdEngine } from '../../main/recon/engine.ts';
import type { Engine } from '../../main/recon/engine.ts';
import { wholeRaster } from '../../main/recon/espirit-eigen.ts';
import { kernelBasis } from '../../main/recon/espirit-kernels.ts';
import { espiritOperator } from '../../main/recon/espirit-operator.ts';
import type { EspiritOperator } from '../../main/recon/espirit-polynomial.ts';
import { coilCovariance, phaseReference } from '../../main/recon/phase-reference.ts';
import { describeWithData } from '../data.ts';
import { BRAIN_A, BRAIN_B, BRAIN_C, complexFile, nrmse, reconstructAlone } from './measures.ts';

const engines: [string, Engine][] = [
  ['relaxed SIMD', simdEngine()],
  ['plain SIMD', simdEngine(new ReconKernels({ build: 'plain' }))],
];

function by<T>(engine: Engine, work: () => T): T {
  const before = chooseEngine(engine);
  try {
    return work();
  } finally {
    chooseEngine(before);
  }
}

/** An operator learned from the stronger half of noise: its eigenvalues are close together, the hardest case. */
function noisyOperator(coils: number): { operator: EspiritOperator; reference: ReturnType<typeof phaseReference> } {
  const kspace = { shape: [coils, 20, 21], data: new Random(coils).normals(2 * coils * 20 * 21) };
  const calibration = calibrationRegion(kspace);
  const operator = by(referenceEngine, () => espiritOperator(kernelBasis(calibration, 6, 0.5)));
  return { operator, reference: by(referenceEngine, () => phaseReference([coilCovariance(calibration)])) };
}

describe.each(engines)('the kernels in %s', (_name, simd) => {
  it('multiply matrices as the reference does', () => {
    const size = fc.integer({ min: 1, max: 13 });
    fc.assert(
      fc.property(size, size, size, fc.integer(), (m, n, depth, seed) => {
        const random = new Random(seed);
        const matrix = (rows: number) => ({
          rows,
          columns: depth,
          re: Float64Array.from(random.normals(rows * depth)),
          im: Float64Array.from(random.normals(rows * depth)),
        });
        const [a, b] = [matrix(m), matrix(n)];
        const [ours, theirs] = [simd.multiplyAdjoint(a, b), referenceEngine.multiplyAdjoint(a, b)];
        expect(nrmse(ours.re, theirs.re)).toBeLessThan(1e-13);
        expect(nrmse(ours.im, theirs.im)).toBeLessThan(1e-13);
        const lower = simd.multiplyAdjoint(a, a, true);
        const whole = referenceEngine.multiplyAdjoint(a, a);
        for (let i = 0; i < m; i++) {
          for (let j = 0; j <= i; j++) expect(lower.re[i * m + j]).toBeCloseTo(whole.re[i * m + j]!, 10);
        }
      }),
    );
  });

  it.each([1, 2, 3, 4, 7, 8, 16, 24])('solve for the eigenvectors of %i coils at every point', (coils) => {
    const { operator, reference } = noisyOperator(coils);
    const raster = wholeRaster(9, 11);
    const ours = simd.eigenvectorsAt(operator, raster, reference, 1);
    const theirs = referenceEngine.eigenvectorsAt(operator, raster, reference, 1);
    expect(nrmse(ours.values, theirs.values)).toBeLessThan(1e-4);
    // Where eigenvalues nearly coincide 32 bits turn the vector a little: most must agree closely, all in their energy.
    const deviations = Array.from({ length: 99 }, (_, point) => {
      let [difference, energy] = [0, 0];
      for (let c = 0; c < coils; c++) {
        const at = 2 * (c * 99 + point);
        difference +=
          (ours.vectors[at]! - theirs.vectors[at]!) ** 2 + (ours.vectors[at + 1]! - theirs.vectors[at + 1]!) ** 2;
        energy += ours.vectors[at]! ** 2 + ours.vectors[at + 1]! ** 2;
      }
      expect(energy).toBeCloseTo(1, 5);
      return Math.sqrt(difference);
    }).sort((a, b) => a - b);
    expect(deviations[49]).toBeLessThan(1e-3);
  });

  it('interpolate maps, and distrust the same pixels, as the reference does', () => {
    const { operator, reference } = noisyOperator(5);
    const [from, to] = [
      { rows: 24, columns: 22 },
      { rows: 61, columns: 47 },
    ];
    const coarse = referenceEngine.eigenvectorsAt(operator, wholeRaster(from.rows, from.columns), reference, 1);
    const ours = simd.interpolateMaps(coarse, from, to, reference);
    const theirs = referenceEngine.interpolateMaps(coarse, from, to, reference);
    const common = new Set(theirs.rough);
    const different = ours.rough.filter((point) => !common.has(point)).length + theirs.rough.length - ours.rough.length;
    expect(Math.abs(different)).toBeLessThanOrEqual(2);
    const trusted = (vectors: Float32Array): Float32Array =>
      vectors.map((v, i) => (common.has((i >> 1) % (61 * 47)) ? 0 : v));
    expect(nrmse(trusted(ours.vectors), trusted(theirs.vectors))).toBeLessThan(1e-4);
  });
});

describeWithData('maps of real brains', () => {
  it.each([BRAIN_A, BRAIN_B, BRAIN_C])('are the same by the kernels and by the reference: %s', async (name) => {
    const kspace = await complexFile('kspace', name, 'kspace.npy');
    const ours = by(simdEngine(), () => reconstructAlone(kspace));
    const theirs = by(referenceEngine, () => reconstructAlone(kspace));
    expect(nrmse(ours.maps.data, theirs.maps.data)).toBeLessThan(1e-4);
    expect(nrmse(ours.combined, theirs.combined)).toBeLessThan(1e-5);
  });
});
