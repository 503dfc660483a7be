import * as tf from '@tensorflow/tfjs-core';
import { IsochromatError } from '../../domain/errors.ts';
import type { Scalar, Tensor } from '../tensors.ts';
import { readScalar } from '../tensors.ts';
import { adamwUpdate } from './adamw-update.ts';
import { emaDecayAt } from './ema.ts';
import { clippingFactor, globalNorm } from './gradient-norm.ts';
import { lossAndGradients } from './gradients.ts';
import type { ParameterSet, ParameterValues } from './parameters.ts';

/** Parameters that are trained alike. */
export interface ParameterGroup {
  /** Whether a parameter of that name belongs here; the first group that says yes has it. */
  includes: (name: string) => boolean;
  /** Multiplies the step's learning rate: 0.1 for pretrained weights beside new ones. 1 unless said otherwise. */
  learningRateFactor?: number;
  /** Instead of the optimiser's. */
  weightDecay?: number;
  /** Neither changed nor differentiated. */
  frozen?: boolean;
}

export interface AdamWOptions {
  /** Default: one group of all parameters. Every parameter must be in one. */
  groups?: ParameterGroup[];
  beta1?: number;
  beta2?: number;
  epsilon?: number;
  weightDecay?: number;
  /** Largest global norm of the gradients; null for no clipping. */
  clipNorm?: number | null;
  /** Decay of the moving average of the weights after its warm-up; null for none. */
  emaDecay?: number | null;
}

export interface StepReport {
  /** Before clipping. */
  gradientNorm: number;
  /** False where loss or gradients were not finite: nothing was changed then. */
  applied: boolean;
}

/** All that exact resumption needs beside the parameters themselves. */
export interface AdamWState {
  step: number;
  m: ParameterValues;
  v: ParameterValues;
  ema: ParameterValues | null;
}

interface ResolvedGroup {
  names: string[];
  learningRateFactor: number;
  weightDecay: number;
}

/**
 * AdamW (Loshchilov & Hutter 2019) with clipping by the global norm, groups of parameters, and a moving average of the weights. A step reads one number back
 * from the device, the gradients' norm, which is not finite if any gradient is not.
 */
export class AdamW {
  /** The moving average, of all parameters (frozen ones as they are); null without `emaDecay`. The optimiser's own: do not dispose. */
  readonly ema: ParameterSet | null;
  /** Names of the parameters that are trained. */
  readonly trained: readonly string[];
  private readonly parameters: ParameterSet;
  private readonly groups: readonly ResolvedGroup[];
  private readonly m: ParameterSet;
  private readonly v: ParameterSet;
  private readonly options: Required<Omit<AdamWOptions, 'groups'>>;
  private steps = 0;

  constructor(parameters: ParameterSet, options: AdamWOptions = {}) {
    const { groups = [{ includes: () => true }], ...rest } = options;
    const defaults = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01, clipNorm: 1, emaDecay: null };
    this.parameters = parameters;
    this.options = { ...defaults, ...rest };
    this.groups = resolveGroups(parameters.names(), groups, this.options.weightDecay);
    this.trained = this.groups.flatMap(({ names }) => names);
    this.m = parameters.copy('zeros', this.trained);
    this.v = parameters.copy('zeros', this.trained);
    this.ema = this.options.emaDecay === null ? null : parameters.copy('same');
  }

  /** How many steps were applied. */
  get step(): number {
    return this.steps;
  }

  /**
   * One training step on a loss.
   * @param loss builds the scalar loss from the parameters
   * @param learningRate of this step, before each group's factor
   */
  async minimise(loss: () => Scalar, learningRate: number): Promise<StepReport & { loss: number }> {
    const { loss: value, gradients } = lossAndGradients(this.parameters, this.trained, loss);
    try {
      const lossValue = await readScalar(value);
      if (!Number.isFinite(lossValue)) return { loss: lossValue, gradientNorm: Number.NaN, applied: false };
      return { loss: lossValue, ...(await this.apply(gradients, learningRate)) };
    } finally {
      tf.dispose([value, [...gradients.values()]]);
    }
  }

  /**
   * One step with gradients from elsewhere (accumulated ones, for example).
   * @param gradients of all trained parameters, by name; they stay the caller's
   */
  async apply(gradients: ReadonlyMap<string, Tensor>, learningRate: number): Promise<StepReport> {
    const gradientOf = (name: string): Tensor => {
      const gradient = gradients.get(name);
      if (gradient === undefined) throw new TypeError(`The gradient of ${name} is missing.`);
      return gradient;
    };
    const norm = globalNorm(this.trained.map(gradientOf));
    const gradientNorm = await readScalar(norm);
    norm.dispose();
    if (!Number.isFinite(gradientNorm)) return { gradientNorm, applied: false };

    const { beta1, beta2, epsilon, clipNorm, emaDecay } = this.options;
    const shared = {
      beta1,
      beta2,
      epsilon,
      gradientScale: clippingFactor(gradientNorm, clipNorm),
      emaDecay: emaDecay === null ? 0 : emaDecayAt(this.steps, emaDecay),
    };
    this.steps += 1;
    for (const { names, learningRateFactor, weightDecay } of this.groups) {
      const updated = names.map((name) => ({
        value: this.parameters.variable(name),
        gradient: gradientOf(name),
        m: this.m.variable(name),
        v: this.v.variable(name),
        ema: this.ema?.variable(name) ?? null,
      }));
      adamwUpdate(updated, {
        ...shared,
        weightDecay,
        learningRate: learningRate * learningRateFactor,
        step: this.steps,
      });
    }
    return { gradientNorm, applied: true };
  }

  async export(): Promise<AdamWState> {
    const [m, v, ema] = await Promise.all([this.m.export(), this.v.export(), this.ema?.export() ?? null]);
    return { step: this.steps, m, v, ema };
  }

  /** @throws IsochromatError as `ParameterSet.import`, or `optimiser-state` for an average where there is none, or none where there is one */
  import(state: AdamWState): void {
    if ((state.ema === null) !== (this.ema === null) || !Number.isInteger(state.step) || state.step < 0) {
      throw new IsochromatError({
        code: 'optimiser-state',
        sentence: 'This training state does not fit this run.',
        expected: `a step count and ${this.ema === null ? 'no ' : 'a '}moving average of the weights`,
        found: `step ${state.step}, ${state.ema === null ? 'no ' : 'a '}moving average`,
        remedy: 'Resume with the configuration that the run was started with.',
      });
    }
    this.m.import(state.m);
    this.v.import(state.v);
    if (state.ema !== null) this.ema?.import(state.ema);
    this.steps = state.step;
  }

  /** Frees moments and average; the parameters stay. */
  dispose(): void {
    this.m.dispose();
    this.v.dispose();
    this.ema?.dispose();
  }
}

function resolveGroups(names: readonly string[], groups: readonly ParameterGroup[], decay: number): ResolvedGroup[] {
  const members = groups.map((): string[] => []);
  for (const name of names) {
    const index = groups.findIndex((group) => group.includes(name));
    if (index < 0) {
      throw new IsochromatError({
        code: 'optimiser-groups',
        sentence: `No group says how the parameter ${name} is trained.`,
        remedy: 'Add it to a group; a frozen one if it is not to change.',
      });
    }
    members[index]!.push(name);
  }
  return groups
    .map(({ learningRateFactor = 1, weightDecay = decay, frozen = false }, i) => ({
      names: frozen ? [] : members[i]!,
      learningRateFactor,
      weightDecay,
    }))
    .filter(({ names }) => names.length > 0);
}
