import { tensorFrom } from '../compute/tensors.ts';
import type { Tensor } from '../compute/tensors.ts';
import { IsochromatError } from '../domain/errors.ts';
import type { CvaeArchitecture } from './cvae.ts';
import type { FlowArchitecture } from './flow-unet.ts';
import type { NamedTensors, Weights } from './parameters.ts';
import type { PhaseReference } from './presets.ts';
import type { ClassifierArchitecture } from './se-resnet.ts';

/** What a trained model is besides its weights: everything needed to use it, kept in its checkpoint. */
export interface AutoencoderDescription {
  readonly kind: 'autoencoder';
  readonly architecture: CvaeArchitecture;
  readonly patchSize: number;
  readonly phaseReference: PhaseReference;
}

/** Mean and standard deviation of each latent channel over the whole training set. */
export interface Standardisation {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

export interface FlowDescription {
  readonly kind: 'flow';
  /** 1: sequence only; 2: sequence and class. */
  readonly stage: 1 | 2;
  readonly architecture: FlowArchitecture;
  readonly standardisation: Standardisation;
  readonly phaseReference: PhaseReference;
}

export interface ClassifierDescription {
  readonly kind: 'classifier';
  readonly architecture: ClassifierArchitecture;
  /** What it looks at. `magnitude`: |x| of complex patches, one channel. */
  readonly input: 'latent' | 'complex' | 'magnitude';
  /** How complex patches are brought to one phase before it sees them. */
  readonly phaseReference: PhaseReference;
  /** Side of its input. */
  readonly size: number;
}

export type ModelDescription = AutoencoderDescription | FlowDescription | ClassifierDescription;

/** A model ready for use: description and (averaged) weights. */
export interface TrainedModel<D extends ModelDescription = ModelDescription> {
  readonly description: D;
  readonly weights: Weights;
}
export type Autoencoder = TrainedModel<AutoencoderDescription>;
export type Flow = TrainedModel<FlowDescription>;
export type Classifier = TrainedModel<ClassifierDescription>;

/** Weights on the backend for a while. */
export interface LoadedParameters extends NamedTensors {
  dispose(): void;
}

/**
 * Puts weights onto the backend. The caller disposes of them.
 * @throws IsochromatError `missing-parameter` from `get` when the weights lack what the model asks for
 */
export function load(weights: Weights): LoadedParameters {
  const tensors = new Map<string, Tensor>();
  for (const [name, { shape, data }] of weights) tensors.set(name, tensorFrom(data, shape));
  return {
    get(name) {
      const tensor = tensors.get(name);
      if (tensor !== undefined) return tensor;
      throw missingParameter(name, tensors.size);
    },
    dispose() {
      for (const tensor of tensors.values()) tensor.dispose();
      tensors.clear();
    },
  };
}

/** Runs `use` with the weights on the backend, and takes them off afterwards whatever happens. */
export async function withLoaded<T>(weights: Weights, use: (parameters: NamedTensors) => Promise<T>): Promise<T> {
  const parameters = load(weights);
  try {
    return await use(parameters);
  } finally {
    parameters.dispose();
  }
}

function missingParameter(name: string, held: number): IsochromatError {
  return new IsochromatError({
    code: 'missing-parameter',
    sentence: 'These weights do not belong to this model.',
    expected: `a parameter named ${name}`,
    found: `${held} parameters without it`,
    remedy: 'Use the checkpoint of a run with this architecture.',
  });
}
