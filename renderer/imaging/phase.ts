const TURN = 2 * Math.PI;

/** A phase brought to −π … π (−π excluded). */
export function wrap(phase: number): number {
  const wrapped = phase - TURN * Math.round(phase / TURN);
  return wrapped <= -Math.PI ? wrapped + TURN : wrapped;
}

/** Phase in −π … π of every sample. @param data interleaved re, im */
export function phaseOf(data: Float32Array): Float32Array {
  const out = new Float32Array(data.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = Math.atan2(data[2 * i + 1]!, data[2 * i]!);
  return out;
}

/**
 * A slice relative to a reference: x·r̄, whose phase is the difference of both and never needs unwrapping.
 * @param data interleaved re, im
 * @param reference the same number of samples
 */
export function relative(data: Float32Array, reference: Float32Array): Float32Array {
  const out = new Float32Array(data.length);
  for (let i = 0; i < data.length; i += 2) {
    const [re, im, r, s] = [data[i]!, data[i + 1]!, reference[i]!, reference[i + 1]!];
    out[i] = re * r + im * s;
    out[i + 1] = im * r - re * s;
  }
  return out;
}

/** Phase of `data` against a reference slice, −π … π. */
export function phaseDifference(data: Float32Array, reference: Float32Array): Float32Array {
  return phaseOf(relative(data, reference));
}

/** Mean direction of phases and how much they agree (1 = all equal, 0 = none), weighted if weights are given. */
export function circularMean(
  phases: ArrayLike<number>,
  weights?: ArrayLike<number>,
): { mean: number; resultant: number; deviation: number } {
  let [cosine, sine, total] = [0, 0, 0];
  for (let i = 0; i < phases.length; i++) {
    const weight = weights === undefined ? 1 : weights[i]!;
    cosine += weight * Math.cos(phases[i]!);
    sine += weight * Math.sin(phases[i]!);
    total += weight;
  }
  if (total === 0) return { mean: NaN, resultant: NaN, deviation: NaN };
  const resultant = Math.min(Math.hypot(cosine, sine) / total, 1);
  // Circular standard deviation √(−2 ln R) (Mardia & Jupp 2000, §2.3.1).
  return { mean: Math.atan2(sine, cosine), resultant, deviation: Math.sqrt(-2 * Math.log(resultant)) };
}
