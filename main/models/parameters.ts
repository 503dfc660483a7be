import type { Tensor } from '../compute/tensors.ts';
import { Random } from '../domain/random.ts';

/** How a parameter starts. `normal` is a standard deviation, the values are drawn per parameter from its name. */
export type Initial = 'zeros' | 'ones' | { readonly normal: number };

/** A model is first a list of these: shapes and counts are known before any memory is taken. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initial: Initial;
}

/** Values of a tensor outside any backend. */
export interface NamedArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}
export type Weights = ReadonlyMap<string, NamedArray>;

/** The values of a model's parameters by name: live ones, their moving average, or a checkpoint's. */
export interface Parameters {
  get(name: string): Tensor;
}

/** Number of scalars in a model. */
export function parameterCount(specs: readonly ParameterSpec[]): number {
  return specs.reduce((sum, { shape }) => sum + elements(shape), 0);
}

/**
 * Starting weights of a model. Each parameter draws from a generator of its own name, so that adding one changes no other.
 */
export function initialWeights(specs: readonly ParameterSpec[], seed: number | string): Map<string, NamedArray> {
  return new Map(specs.map((spec) => [spec.name, { shape: spec.shape, data: initialValues(spec, seed) }]));
}

function initialValues({ name, shape, initial }: ParameterSpec, seed: number | string): Float32Array {
  const length = elements(shape);
  if (initial === 'zeros') return new Float32Array(length);
  if (initial === 'ones') return new Float32Array(length).fill(1);
  const { normal } = initial;
  return Random.for(seed, 'initial', name)
    .normals(length)
    .map((value) => value * normal);
}

/** The same parameters seen from inside a part of the model: `within(p, 'encoder').get('in.kernel')`. */
export function within(parameters: Parameters, prefix: string): Parameters {
  return { get: (name) => parameters.get(`${prefix}.${name}`) };
}

/** Specifications with their names below a prefix. */
export function under(prefix: string, specs: readonly ParameterSpec[]): ParameterSpec[] {
  return specs.map((spec) => ({ ...spec, name: `${prefix}.${spec.name}` }));
}

function elements(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
