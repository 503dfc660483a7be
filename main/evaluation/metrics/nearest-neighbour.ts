import { IsochromatError } from '../../domain/errors.ts';
import { quantileOfSorted } from './quantile.ts';

/** Complex patches one after the other, interleaved re, im: `[n, samples]`, `samples` complex numbers each. */
export interface PatchSet {
  readonly data: Float32Array;
  readonly samples: number;
}

/**
 * For each query patch, its distance to the nearest reference patch, up to a constant phase: a copy turned by one angle
 * is still a copy. min over φ of ‖a − e^{iφ}b‖ = √(‖a‖² + ‖b‖² − 2|⟨a, b⟩|), divided by √samples (root mean square a pixel).
 */
export function nearestDistances(queries: PatchSet, references: PatchSet): Float64Array {
  const length = 2 * queries.samples;
  if (
    queries.samples !== references.samples ||
    references.data.length === 0 ||
    references.data.length % length !== 0 ||
    queries.data.length % length !== 0
  ) {
    throw new IsochromatError({
      code: 'patch-sets-differ',
      sentence: 'Nearest neighbours need two sets of patches of one size.',
      expected: `patches of ${queries.samples} complex samples, at least one to compare with`,
      found: `${references.data.length / 2} samples in patches of ${references.samples}`,
    });
  }
  const energies = (set: PatchSet): Float64Array =>
    Float64Array.from({ length: set.data.length / length }, (_, k) => {
      let sum = 0;
      for (let i = k * length; i < (k + 1) * length; i++) sum += set.data[i]! ** 2;
      return sum;
    });
  const referenceEnergies = energies(references);
  return energies(queries).map((energy, q) => {
    let nearest = Infinity;
    for (let r = 0; r < referenceEnergies.length; r++) {
      const other = referenceEnergies[r]!;
      // ‖a‖ and ‖b‖ alone bound the distance from below; most references are ruled out by this.
      if ((Math.sqrt(energy) - Math.sqrt(other)) ** 2 >= nearest) continue;
      const overlap = innerProductModulus(queries.data, q * length, references.data, r * length, length);
      nearest = Math.min(nearest, energy + other - 2 * overlap);
    }
    return Math.sqrt(Math.max(0, nearest) / queries.samples);
  });
}

function innerProductModulus(a: Float32Array, p: number, b: Float32Array, q: number, length: number): number {
  let real = 0;
  let imaginary = 0;
  for (let i = 0; i < length; i += 2) {
    const ar = a[p + i]!;
    const ai = a[p + i + 1]!;
    const br = b[q + i]!;
    const bi = b[q + i + 1]!;
    real += ar * br + ai * bi;
    imaginary += ar * bi - ai * br;
  }
  return Math.hypot(real, imaginary);
}

export interface MemorisationResult {
  /** 5 % quantile of held-out patches' distances to their nearest training patch: what being new looks like. */
  threshold: number;
  /** Share of synthetic patches nearer to a training patch than that; about 0.05 where nothing was memorised. */
  synthetic: number;
  medianSynthetic: number;
  medianHeldOut: number;
}

/** Compares how near synthetic and held-out real patches come to the training patches. */
export function memorisation(synthetic: Float64Array, heldOut: Float64Array): MemorisationResult {
  const s = synthetic.toSorted();
  const h = heldOut.toSorted();
  if (s.length === 0 || h.length === 0) {
    throw new IsochromatError({
      code: 'memorisation-empty',
      sentence: 'The memorisation check needs synthetic and held-out patches.',
      expected: 'at least one distance of each kind',
      found: `${s.length} and ${h.length}`,
    });
  }
  const threshold = quantileOfSorted(h, 0.05);
  return {
    threshold,
    synthetic: s.filter((distance) => distance < threshold).length / s.length,
    medianSynthetic: quantileOfSorted(s, 0.5),
    medianHeldOut: quantileOfSorted(h, 0.5),
  };
}
