import * as tf from '@tensorflow/tfjs-core';
import { IsochromatError } from '../../domain/errors.ts';
import { Random } from '../../domain/random.ts';
import type { Tensor, Variable } from '../tensors.ts';
import { readTensor, tensorFrom } from '../tensors.ts';
import type { Initialiser } from './initialisers.ts';

/** What a model asks its numbers from; it neither knows nor cares whether they are being created, trained or averaged. */
export interface Parameters {
  /**
   * The parameter of that name; an open set creates it on first asking.
   * @throws IsochromatError `parameter-shape` when it exists with another shape, `parameter-unknown` when the set is sealed
   */
  get: (name: string, shape: readonly number[], initialise: Initialiser) => Tensor;
  /** The same numbers under a name prefix: `under('encoder').get('bias', …)` is `encoder/bias`. */
  under: (prefix: string) => Parameters;
}

/** Values of parameters by name, as they stand in a checkpoint. */
export type ParameterValues = ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;

/**
 * The named parameters of one model, in the order of their creation. Each is initialised from its own generator, `Random.for(seed, name)`: a
 * parameter's first value depends on nothing but the seed and its name, so that adding a layer changes no other.
 */
export class ParameterSet implements Parameters {
  private readonly variables = new Map<string, Variable>();
  private sealed = false;
  private readonly seed: number | string;

  constructor(seed: number | string) {
    this.seed = seed;
  }

  get(name: string, shape: readonly number[], initialise: Initialiser): Variable {
    const existing = this.variables.get(name);
    if (existing === undefined) return this.create(name, shape, initialise);
    if (existing.shape.join() !== shape.join()) throw shapeError(name, shape, existing.shape);
    return existing;
  }

  under(prefix: string): Parameters {
    return {
      get: (name, shape, initialise) => this.get(`${prefix}/${name}`, shape, initialise),
      under: (inner) => this.under(`${prefix}/${inner}`),
    };
  }

  /** From here on the set is complete: a name that it lacks is an error, no longer a creation. */
  seal(): this {
    this.sealed = true;
    return this;
  }

  /** Opens a sealed set again, to grow a model (the class table of stage 2). */
  unseal(): this {
    this.sealed = false;
    return this;
  }

  names(): string[] {
    return [...this.variables.keys()];
  }

  has(name: string): boolean {
    return this.variables.has(name);
  }

  /** @throws IsochromatError `parameter-unknown` */
  variable(name: string): Variable {
    const variable = this.variables.get(name);
    if (variable === undefined) throw unknown(name);
    return variable;
  }

  /** How many numbers there are in all. */
  get size(): number {
    return [...this.variables.values()].reduce((sum, variable) => sum + variable.size, 0);
  }

  /** An independent set of the same names and shapes, with the same values or with zeros. */
  copy(values: 'same' | 'zeros' = 'same', names: readonly string[] = this.names()): ParameterSet {
    const other = new ParameterSet(this.seed);
    for (const name of names) {
      const source = this.variable(name);
      const initial = values === 'same' ? tf.add(source, 0) : tf.zeros(source.shape);
      other.adopt(name, initial);
    }
    return this.sealed ? other.seal() : other;
  }

  async export(): Promise<ParameterValues> {
    const entries = [...this.variables].map(
      async ([name, variable]) => [name, { shape: [...variable.shape], data: await readTensor(variable) }] as const,
    );
    return new Map(await Promise.all(entries));
  }

  /**
   * Puts values in, by name.
   * @param values must hold every parameter of the set with its shape, or, with `partial`, some of them
   * @throws IsochromatError `parameter-unknown`, `parameter-missing`, `parameter-shape`; nothing is changed then
   */
  import(values: ParameterValues, { partial = false } = {}): void {
    for (const [name, { shape, data }] of values) {
      const variable = this.variable(name);
      const fits = variable.shape.join() === shape.join() && data.length === variable.size;
      if (!fits) throw shapeError(name, variable.shape, shape);
    }
    const missing = this.names().filter((name) => !values.has(name));
    if (missing.length > 0 && !partial) {
      throw new IsochromatError({
        code: 'parameter-missing',
        sentence: 'These weights are not complete for this model.',
        expected: `${this.variables.size} parameters`,
        found: `${missing.length} missing, the first is ${missing[0]}`,
        remedy: 'They may belong to another preset, or to an interrupted copy.',
      });
    }
    for (const [name, { shape, data }] of values) {
      const value = tensorFrom(data, shape);
      this.variable(name).assign(value);
      value.dispose();
    }
  }

  dispose(): void {
    for (const variable of this.variables.values()) variable.dispose();
    this.variables.clear();
  }

  private create(name: string, shape: readonly number[], initialise: Initialiser): Variable {
    if (this.sealed) throw unknown(name);
    return this.adopt(name, tensorFrom(initialise(shape, Random.for(this.seed, name)), shape));
  }

  private adopt(name: string, initial: Tensor): Variable {
    const variable = tf.variable(initial);
    initial.dispose();
    this.variables.set(name, variable);
    return variable;
  }
}

function unknown(name: string): IsochromatError {
  return new IsochromatError({
    code: 'parameter-unknown',
    sentence: `This model has no parameter named ${name}.`,
    remedy: 'The weights may belong to another model or version.',
  });
}

function shapeError(name: string, expected: readonly number[], found: readonly number[]): IsochromatError {
  return new IsochromatError({
    code: 'parameter-shape',
    sentence: `The parameter ${name} has another shape here.`,
    expected: `[${expected.join(', ')}]`,
    found: `[${found.join(', ')}]`,
    remedy: 'The weights may belong to another preset.',
  });
}
