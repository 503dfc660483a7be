import * as tf from '@tensorflow/tfjs-core';
import { meanSquaredError } from '../../../main/compute/losses/index.ts';
import { readTensor } from '../../../main/compute/tensors.ts';
import { flowParameters, velocity } from '../../../main/models/flow-unet.ts';
import type { NamedTensors } from '../../../main/models/parameters.ts';
import { presetNamed } from '../../../main/models/presets.ts';
import { load } from '../../../main/models/trained.ts';
import type { FlowDescription } from '../../../main/models/trained.ts';
import { guidedVelocity } from '../../../main/synthesis/guidance.ts';
import { heun } from '../../../main/synthesis/samplers.ts';
import { timeGrid } from '../../../main/synthesis/time-grid.ts';
import { flowMatchingLoss, prefetchedFlow } from '../../../main/training/flow.ts';
import { batchTensor } from '../../../main/training/latents.ts';
import { TrainableNetwork } from '../../../main/training/trainable-network.ts';
import { startBackend } from './backend.ts';
import { readInputs } from './inputs.ts';
import { floats } from './task.ts';
import type { PrepareTask } from './task.ts';
import { trainingAnswer } from './training.ts';

const standardisation = { mean: [0, 0], deviation: [1, 1] };

/** One step of flow-matching training: latents, noise and times drawn, loss, gradients, clipping, AdamW, moving average. */
export const flowTraining: PrepareTask = async (input, settings) => {
  const started = await startBackend(settings);
  const { architecture, training } = presetNamed(String(settings['preset'])).flow;
  const inputs = await readInputs(input);
  const specs = flowParameters(architecture);
  const [time, sequence] = [Array.from(inputs.floats('time')), inputs.indices('sequence')];
  const batch = sequence.length;
  const size = architecture.latentSize;
  const network = new TrainableNetwork(specs, training, 0, () => 1, inputs.weights);
  const description: FlowDescription = {
    kind: 'flow',
    stage: 1,
    architecture,
    standardisation,
    phaseReference: 'volume',
  };
  const latents = {
    ...{ count: batch, size, channels: architecture.latentChannels, phaseReference: 'volume' as const },
    ...{ mean: inputs.floats('target'), deviation: inputs.floats('target').map(Math.abs) },
    ...{ sequence: Uint8Array.from(sequence), tissue: new Uint8Array(batch), volume: sequence.map(() => '') },
  };
  const recipe = { kind: 'flow', latents, standardisation, seed: 1, ...training, batchSize: batch } as const;
  const batches = prefetchedFlow(recipe);
  let step = 0;
  return {
    ...started,
    answer: () =>
      trainingAnswer(specs, inputs.weights, training, (tensors) => {
        const x = batchTensor(inputs.floats('x'), batch, size);
        const predicted = velocity(architecture, tensors, x, { time, sequence });
        return meanSquaredError(predicted, batchTensor(inputs.floats('target'), batch, size));
      }),
    run: async () => {
      const loss = (tensors: NamedTensors): tf.Scalar => flowMatchingLoss(description, tensors, batches.take(step++));
      await network.update(loss, training.learningRate);
    },
  };
};

/** A batch of latents from noise, by Heun's method without guidance. */
export const flowSampling: PrepareTask = async (input, settings) => {
  const started = await startBackend(settings);
  const { flow, sampling } = presetNamed(String(settings['preset']));
  const { architecture } = flow;
  const inputs = await readInputs(input);
  const parameters = load(inputs.weights);
  const sequence = inputs.indices('sequence');
  const time = Array.from(inputs.floats('time'));
  const size = architecture.latentSize;
  const noise = batchTensor(inputs.floats('x'), sequence.length, size);
  const description: FlowDescription = {
    kind: 'flow',
    stage: 1,
    architecture,
    standardisation,
    phaseReference: 'volume',
  };
  const field = guidedVelocity(description, parameters, { sequence, tissue: sequence.map(() => 0) }, 1);
  const sample = (): Promise<tf.Tensor> => heun(field, noise, timeGrid(sampling.steps));
  return {
    ...started,
    answer: async () => {
      const v = tf.tidy(() => velocity(architecture, parameters, noise, { time, sequence }));
      return { velocity: floats(await readTensor(v)), sample: floats(await readTensor(await sample())) };
    },
    run: async () => {
      const sampled = await sample();
      await sampled.data();
      sampled.dispose();
    },
  };
};
