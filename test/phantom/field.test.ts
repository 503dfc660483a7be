import { describe, expect, test } from 'vitest';
import { convolveWithDipole } from '../../main/phantom/field/background-field.ts';
import { sphereField, visibleRadius } from '../../main/phantom/field/dipole.ts';
import { LesionPhase } from '../../main/phantom/field/lesion-phase.ts';
import { fitPolynomial, polynomial } from '../../main/phantom/field/shim.ts';

const sphere = { centre: [0, 0, 0] as const, radius: 3, susceptibility: 1.2 };

describe('the dipole field of a sphere', () => {
  test('is +2/3 Δχ at the pole, −1/3 Δχ at the equator, 0 inside and at the magic angle', () => {
    expect(sphereField(sphere, 0, 0, 3.0001)).toBeCloseTo((2 / 3) * 1.2, 3);
    expect(sphereField(sphere, 3.0001, 0, 0)).toBeCloseTo((-1 / 3) * 1.2, 3);
    expect(sphereField(sphere, 0.5, 0.5, 0.5)).toBe(0);
    // cos²θ = 1/3
    expect(sphereField(sphere, 5, 5, 5)).toBeCloseTo(0, 12);
  });

  test('falls with the third power and changes sign with the susceptibility', () => {
    expect(sphereField(sphere, 0, 4, 0) / sphereField(sphere, 0, 8, 0)).toBeCloseTo(8, 10);
    expect(sphereField({ ...sphere, susceptibility: -1.2 }, 1, 4, 2)).toBe(-sphereField(sphere, 1, 4, 2));
  });

  test('is weaker than a threshold exactly outside its visible radius', () => {
    const radius = visibleRadius(sphere, 0.05);
    expect(Math.abs(sphereField(sphere, radius * 0.999, 0, 0))).toBeGreaterThan(0.05);
    expect(Math.abs(sphereField(sphere, radius * 1.001, 0, 0))).toBeLessThan(0.05);
  });

  test('turns the phase by 2π·γ̄·B0·ΔB·t, and only near the sphere', () => {
    const phase = new LesionPhase([sphere], 64, 1, 3.5);
    const plane = phase.at(0)!;
    expect(plane[32 * 64 + 37]).toBeCloseTo(3.5 * sphereField(sphere, 5, 0, 0), 5);
    expect(plane[0]).toBe(0);
    expect(phase.at(100)).toBeUndefined();
  });
});

test('convolution with the dipole kernel on a grid equals the closed form of a sphere', () => {
  const cells = 64;
  const radius = 6;
  const chi = new Float32Array(cells ** 3);
  let filled = 0;
  for (let z = 0, i = 0; z < cells; z++) {
    for (let y = 0; y < cells; y++) {
      for (let x = 0; x < cells; x++, i++) {
        // Partial volume of the surface cells.
        const d = Math.hypot(x - 32, y - 32, z - 32) - radius;
        chi[i] = Math.max(0, Math.min(1, 0.5 - d));
        filled += chi[i]!;
      }
    }
  }
  const effective = Math.cbrt((3 * filled) / (4 * Math.PI));
  const body = { centre: [32, 32, 32] as const, radius: effective, susceptibility: 1 };
  const field = convolveWithDipole(chi, cells);
  const at = (x: number, y: number, z: number): number => field[(z * cells + y) * cells + x]!;
  const largest = sphereField(body, 32, 32, 32 + effective + 0.01);
  for (const [x, y, z] of [
    [32, 32, 41],
    [32, 32, 44],
    [41, 32, 32],
    [32, 44, 32],
    [38, 38, 38],
    [40, 32, 40],
  ] as const) {
    expect(Math.abs(at(x, y, z) - sphereField(body, x, y, z)) / largest).toBeLessThan(0.03);
  }
  expect(Math.abs(at(32, 32, 32)) / largest).toBeLessThan(0.03);
});

test('the shim fit finds the coefficients of a second-order field', () => {
  const truth = Float64Array.from([0.3, -1, 2, 0.5, 0.1, -0.2, 0.7, 0.05, -0.4, 0.9]);
  const found = fitPolynomial((add) => {
    for (let i = 0; i < 300; i++) {
      const [x, y, z] = [Math.sin(i), Math.cos(1.7 * i), Math.sin(0.3 * i + 1)] as const;
      add(x, y, z, polynomial(truth, x, y, z));
    }
  });
  found.forEach((value, i) => expect(value).toBeCloseTo(truth[i]!, 8));
});
