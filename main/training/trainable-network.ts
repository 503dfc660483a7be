import { AdamW } from '../compute/optimise/index.ts';
import type { ParameterGroup, ParameterSet, StepReport } from '../compute/optimise/index.ts';
import type { Scalar } from '../compute/tensors.ts';
import { createParameters, tensorsOf } from '../models/parameters.ts';
import type { NamedTensors, ParameterSpec, Weights } from '../models/parameters.ts';
import type { OptimisationSettings } from '../models/presets.ts';

/** The arrays of a run: weights, their moving average, and Adam's moments (of the parameters that learn). */
export interface NetworkState {
  network: Weights;
  ema: Weights;
  firstMoment: Weights;
  secondMoment: Weights;
}

/** Share of the learning rate for a parameter; 0 freezes it. */
export type LearningShare = (name: string) => number;

/** A network that learns: its parameters on the backend and their optimiser. */
export class TrainableNetwork {
  readonly tensors: NamedTensors;
  private readonly specs: readonly ParameterSpec[];
  private readonly settings: OptimisationSettings;
  private readonly parameters: ParameterSet;
  private optimiser: AdamW;

  /** @param initial replaces the specifications' own first values where it has them */
  constructor(
    specs: readonly ParameterSpec[],
    settings: OptimisationSettings,
    seed: number | string,
    share: LearningShare,
    initial: Weights = new Map(),
  ) {
    this.specs = specs;
    this.settings = settings;
    this.parameters = createParameters(specs, seed);
    this.parameters.import(initial, { partial: true });
    this.tensors = tensorsOf(this.parameters);
    this.optimiser = this.createOptimiser(share);
  }

  /** Updates made since the optimiser began; Adam's bias correction and the average's warm-up count them. */
  get updates(): number {
    return this.optimiser.step;
  }

  /** Another phase: other parameters learn, with moments and an average that begin anew. */
  begin(share: LearningShare): void {
    this.optimiser.dispose();
    this.optimiser = this.createOptimiser(share);
  }

  /** One step; changes nothing where loss or gradient is not finite. */
  update(loss: (tensors: NamedTensors) => Scalar, learningRate: number): Promise<StepReport & { loss: number }> {
    return this.optimiser.minimise(() => loss(this.tensors), learningRate);
  }

  /** Everything that a checkpoint holds of it, copied off the backend. */
  async read(): Promise<NetworkState> {
    const network = await this.parameters.export();
    const { m, v, ema } = await this.optimiser.export();
    return { network, ema: ema!, firstMoment: m, secondMoment: v };
  }

  /** Puts back what `read` gave. */
  restore({ network, ema, firstMoment, secondMoment }: NetworkState, updates: number): void {
    this.parameters.import(network);
    this.optimiser.import({ step: updates, m: firstMoment, v: secondMoment, ema });
  }

  dispose(): void {
    this.optimiser.dispose();
    this.parameters.dispose();
  }

  private createOptimiser(share: LearningShare): AdamW {
    const { weightDecay, clipNorm, emaDecay } = this.settings;
    const groups = groupsOf(this.specs, share, weightDecay);
    return new AdamW(this.parameters, { groups, clipNorm, emaDecay });
  }
}

/** Parameters of one learning share and one weight decay are a group; kernels and weights decay, biases and norms do not. */
function groupsOf(specs: readonly ParameterSpec[], share: LearningShare, weightDecay: number): ParameterGroup[] {
  const groups = new Map<string, ParameterGroup & { names: Set<string> }>();
  for (const { name, shape } of specs) {
    const learningRateFactor = share(name);
    const decay = shape.length >= 2 ? weightDecay : 0;
    const key = `${learningRateFactor}:${decay}`;
    let group = groups.get(key);
    if (group === undefined) {
      const names = new Set<string>();
      const includes = (candidate: string): boolean => names.has(candidate);
      group = { names, includes, learningRateFactor, weightDecay: decay, frozen: learningRateFactor === 0 };
      groups.set(key, group);
    }
    group.names.add(name);
  }
  return [...groups.values()];
}
