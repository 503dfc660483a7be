/** Magnitudes as complex samples of phase zero, for what takes complex images alone. */
export function withoutPhase(magnitudes: Float32Array): Float32Array {
  const out = new Float32Array(2 * magnitudes.length);
  magnitudes.forEach((value, i) => (out[2 * i] = value));
  return out;
}
