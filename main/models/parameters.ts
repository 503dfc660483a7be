import { ParameterSet } from '../compute/optimise/index.ts';
import type { Initialiser, ParameterValues } from '../compute/optimise/index.ts';
import type { Tensor } from '../compute/tensors.ts';

/** A model is first a list of these: shapes and counts are known before any memory is taken. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initialise: Initialiser;
}

/** What a model computes with: live parameters, their moving average, or a checkpoint's values on the backend. */
export interface NamedTensors {
  get(name: string): Tensor;
}

/** Parameter values outside any backend. */
export type Weights = ParameterValues;

/** Number of scalars in a model. */
export function parameterCount(specs: readonly ParameterSpec[]): number {
  return specs.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
}

/** The parameters of a model on the backend, at their first values. */
export function createParameters(specs: readonly ParameterSpec[], seed: number | string): ParameterSet {
  const parameters = new ParameterSet(seed);
  for (const { name, shape, initialise } of specs) parameters.get(name, shape, initialise);
  return parameters.seal();
}

/** A parameter set as models read it. */
export function tensorsOf(parameters: ParameterSet): NamedTensors {
  return { get: (name) => parameters.variable(name) };
}

/** The same tensors seen from inside a part of the model: `within(p, 'encoder').get('in.kernel')`. */
export function within(tensors: NamedTensors, prefix: string): NamedTensors {
  return { get: (name) => tensors.get(`${prefix}.${name}`) };
}

/** Specifications with their names below a prefix. */
export function under(prefix: string, specs: readonly ParameterSpec[]): ParameterSpec[] {
  return specs.map((spec) => ({ ...spec, name: `${prefix}.${spec.name}` }));
}
