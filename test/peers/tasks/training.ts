import type { ParameterSet } from '../../../main/compute/optimise/index.ts';
import { AdamW } from '../../../main/compute/optimise/index.ts';
import { lossAndGradients } from '../../../main/compute/optimise/gradients.ts';
import { readScalar, readTensor } from '../../../main/compute/tensors.ts';
import type { Scalar } from '../../../main/compute/tensors.ts';
import type { TensorContent } from '../../../main/formats/safetensors.ts';
import { createParameters, tensorsOf } from '../../../main/models/parameters.ts';
import type { NamedTensors, ParameterSpec, Weights } from '../../../main/models/parameters.ts';
import type { OptimisationSettings } from '../../../main/models/presets.ts';
import { floats } from './task.ts';

/** Steps on one batch after which losses are compared: the optimiser is then part of what is checked. */
const STEPS = 3;

/** Loss, all gradients, and the losses of the next steps, on a batch that is the same for all sides. */
export async function trainingAnswer(
  specs: readonly ParameterSpec[],
  weights: Weights,
  settings: OptimisationSettings,
  loss: (tensors: NamedTensors) => Scalar,
): Promise<Record<string, TensorContent>> {
  const parameters = createParameters(specs, 0);
  parameters.import(weights);
  const lossOfBatch = (): Scalar => loss(tensorsOf(parameters));
  const { loss: first, gradients } = lossAndGradients(parameters, parameters.names(), lossOfBatch);
  const answer: Record<string, TensorContent> = { loss: floats(Float32Array.of(await readScalar(first))) };
  for (const [name, gradient] of gradients) {
    answer[`gradient:${name}`] = floats(await readTensor(gradient), gradient.shape);
  }
  answer['losses'] = floats(await nextLosses(parameters, settings, lossOfBatch));
  return answer;
}

async function nextLosses(parameters: ParameterSet, settings: OptimisationSettings, loss: () => Scalar) {
  const { weightDecay, clipNorm, emaDecay, learningRate } = settings;
  const matrices = (name: string): boolean => parameters.variable(name).rank >= 2;
  const groups = [
    { includes: matrices, weightDecay },
    { includes: () => true, weightDecay: 0 },
  ];
  const optimiser = new AdamW(parameters, { groups, clipNorm, emaDecay });
  const losses = new Float32Array(STEPS);
  for (let i = 0; i < STEPS; i++) losses[i] = (await optimiser.minimise(loss, learningRate)).loss;
  return losses;
}
