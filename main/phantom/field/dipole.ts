import type { SusceptibilitySphere } from '../lesions/lesion.ts';

/**
 * Relative field change in ppm that a sphere causes, B₀ along z: Δχ/3·(a/r)³·(3cos²θ − 1) outside, 0 inside (with the
 * Lorentz correction). Haacke et al., Magnetic Resonance Imaging (1999), eq. 25.20.
 */
export function sphereField(sphere: SusceptibilitySphere, x: number, y: number, z: number): number {
  const dx = x - sphere.centre[0];
  const dy = y - sphere.centre[1];
  const dz = z - sphere.centre[2];
  const r2 = dx * dx + dy * dy + dz * dz;
  const a = sphere.radius;
  if (r2 <= a * a) return 0;
  const ratio = (a * a) / r2;
  return (sphere.susceptibility / 3) * ratio * Math.sqrt(ratio) * ((3 * dz * dz) / r2 - 1);
}

/** Radius in mm, in the plane through the centre, within which the field is stronger than `threshold` ppm. */
export function visibleRadius(sphere: SusceptibilitySphere, threshold: number): number {
  return sphere.radius * Math.max(1, Math.cbrt(Math.abs(sphere.susceptibility) / 3 / threshold));
}
