/**
 * Removing and adding back the mean phase of patches (`phaseReference: 'patch'`, presets.ts). A patch is
 * `[rows, columns]` interleaved re, im; a batch is patches one after another in one array.
 */

/**
 * Mean phase of each patch in radians, (−π, π]: arg Σ x, which weighs each pixel by its magnitude. An empty patch has 0.
 * @param length complex samples a patch
 */
export function meanPhases(patches: Float32Array, length: number): Float32Array {
  const count = patches.length / (2 * length);
  const phases = new Float32Array(count);
  for (let p = 0; p < count; p++) {
    let re = 0;
    let im = 0;
    for (let i = 2 * p * length; i < 2 * (p + 1) * length; i += 2) {
      re += patches[i]!;
      im += patches[i + 1]!;
    }
    phases[p] = Math.atan2(im, re);
  }
  return phases;
}

/** A copy in which patch p is multiplied by e^{i·sign·phases[p]}: sign −1 removes the phases, +1 adds them back. */
export function rotatePhases(patches: Float32Array, phases: Float32Array, sign: 1 | -1): Float32Array {
  const out = new Float32Array(patches.length);
  const samples = patches.length / phases.length;
  for (let p = 0; p < phases.length; p++) {
    const c = Math.cos(phases[p]!);
    const s = sign * Math.sin(phases[p]!);
    for (let i = p * samples; i < (p + 1) * samples; i += 2) {
      const re = patches[i]!;
      const im = patches[i + 1]!;
      out[i] = re * c - im * s;
      out[i + 1] = re * s + im * c;
    }
  }
  return out;
}
