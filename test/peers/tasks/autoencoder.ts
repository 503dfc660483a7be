import { Random } from '../../../main/domain/random.ts';
import { cvaeParameters } from '../../../main/models/cvae.ts';
import { presetNamed } from '../../../main/models/presets.ts';
import { autoencoderLoss } from '../../../main/training/autoencoder.ts';
import { batchTensor } from '../../../main/training/latents.ts';
import { TrainableNetwork } from '../../../main/training/trainable-network.ts';
import type { NamedTensors } from '../../../main/models/parameters.ts';
import { startBackend } from './backend.ts';
import { readInputs } from './inputs.ts';
import type { PrepareTask } from './task.ts';
import { trainingAnswer } from './training.ts';

/** One step of autoencoder training: noise drawn, encoded, decoded, loss, gradients, clipping, AdamW, moving average. */
export const autoencoderTraining: PrepareTask = async (input, settings) => {
  const started = await startBackend(settings);
  const { autoencoder, patchSize, latentSize } = presetNamed(String(settings['preset']));
  const { architecture, training } = autoencoder;
  const inputs = await readInputs(input);
  const specs = cvaeParameters(architecture);
  const sequence = inputs.indices('sequence');
  const patches = inputs.floats('patches');
  const loss = (tensors: NamedTensors, noise: Float32Array) =>
    autoencoderLoss(architecture, tensors, {
      ...{ patches: batchTensor(patches, sequence.length, patchSize), sequence },
      noise: batchTensor(noise, sequence.length, latentSize),
      ...{ gradientWeight: training.gradientWeight, klWeight: training.klWeight },
    });
  const network = new TrainableNetwork(specs, training, 0, () => 1, inputs.weights);
  const random = new Random(1);
  const fixed = inputs.floats('noise');
  return {
    ...started,
    answer: () => trainingAnswer(specs, inputs.weights, training, (tensors) => loss(tensors, fixed)),
    run: async () => {
      await network.update((tensors) => loss(tensors, random.normals(fixed.length)), training.learningRate);
    },
  };
};
