import type { Random } from '../../domain/random.ts';

/** First values of a parameter. The last axis of a shape counts the outputs, the others the inputs of each. */
export type Initialiser = (shape: readonly number[], random: Random) => Float32Array;

export const zeros: Initialiser = (shape) => new Float32Array(size(shape));
export const ones: Initialiser = (shape) => new Float32Array(size(shape)).fill(1);

/** Normal with that standard deviation. */
export function normal(standardDeviation: number): Initialiser {
  return (shape, random) => random.normals(size(shape)).map((value) => value * standardDeviation);
}

/** Normal with variance gain²/inputs (He 2015 with gain √2, for layers before a rectifier). */
export function scaledNormal(gain = Math.SQRT2): Initialiser {
  return (shape, random) => normal(gain / Math.sqrt(inputsOf(shape)))(shape, random);
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

function inputsOf(shape: readonly number[]): number {
  return Math.max(1, size(shape.slice(0, -1)));
}
