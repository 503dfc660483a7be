import * as tf from '@tensorflow/tfjs-core';
import { binaryCrossEntropyMean } from '../compute/losses/index.ts';
import { readTensor } from '../compute/tensors.ts';
import { IsochromatError } from '../domain/errors.ts';
import { betweenParts } from '../domain/progress.ts';
import type { WorkContext } from '../domain/progress.ts';
import { Random } from '../domain/random.ts';
import type { NamedTensors } from '../models/parameters.ts';
import type { ClassifierSettings } from '../models/presets.ts';
import { classifierParameters, classify } from '../models/se-resnet.ts';
import { withLoaded } from '../models/trained.ts';
import type { Classifier, ClassifierDescription } from '../models/trained.ts';
import { applyAugmentation, drawAugmentation } from './augment.ts';
import type { ClassifierInputs } from './classifier-inputs.ts';
import { requireItems } from './dataset.ts';
import { batchTensor } from './latents.ts';
import { train } from './loop.ts';
import type { TrainingHooks, TrainingResult } from './loop.ts';
import { mixUp } from './mixup.ts';
import { balancedOrder } from './weighted-sampler.ts';

export interface ClassifierTrainingInput {
  /** `inputChannels` is taken from the inputs. */
  architecture: Omit<ClassifierDescription['architecture'], 'inputChannels'>;
  settings: ClassifierSettings;
  inputs: ClassifierInputs;
  /** 0 or 1 for each item. */
  labels: ArrayLike<number>;
  /** Strata drawn equally often; the labels unless given (label × sequence, for instance). */
  strata?: ArrayLike<string | number>;
  seed: number | string;
}

/** Trains an SE-ResNet to tell label 1 from label 0, from latents or patches. */
export async function trainClassifier(
  { architecture, settings, inputs, labels, strata = labels, seed }: ClassifierTrainingInput,
  hooks: TrainingHooks = {},
): Promise<TrainingResult<ClassifierDescription>> {
  requireItems(inputs.count, 'the classifier');
  requireBothClasses(labels, inputs.count);
  const { size, channels } = inputs;
  const description: ClassifierDescription = {
    kind: 'classifier',
    architecture: { ...architecture, inputChannels: channels },
    input: inputs.input,
    phaseReference: inputs.phaseReference,
    size,
  };
  const order = balancedOrder(strata, settings.batchSize, seed);
  return train(
    {
      description,
      parameters: classifierParameters(description.architecture),
      settings,
      seed,
      loss: (parameters, { step }) => {
        const random = Random.for(seed, 'classifier', step);
        const indices = order.indices(step);
        const values = inputs.read(indices, random);
        if (settings.augment) augmentBatch(values, size, channels, random);
        const targets = Float32Array.from(indices, (i) => labels[i]!);
        const mixed = settings.mixup > 0 ? mixUp(values, targets, settings.mixup, random) : { values, targets };
        const logits = classify(description.architecture, parameters, batchTensor(mixed.values, indices.length, size));
        return binaryCrossEntropyMean(logits, tf.tensor1d(mixed.targets));
      },
    },
    hooks,
  );
}

/** Augments every item of `[n, size, size, channels]` in place, each with a draw of its own. */
function augmentBatch(values: Float32Array, size: number, channels: number, random: Random): void {
  const length = size * size * channels;
  for (let start = 0; start < values.length; start += length) {
    const item = values.subarray(start, start + length);
    item.set(applyAugmentation(item, size, channels, drawAugmentation(random)));
  }
}

/** Probability of label 1 for every item. `seed` decides how latents are drawn. */
export async function predict(
  classifier: Classifier,
  inputs: ClassifierInputs,
  seed: number | string = 0,
  context: WorkContext = {},
): Promise<Float32Array> {
  const { architecture } = classifier.description;
  const logits = await inBatches(classifier, inputs, seed, context, 1, (parameters, x) =>
    classify(architecture, parameters, x),
  );
  return logits.map((z) => 1 / (1 + Math.exp(-z)));
}

const BATCH = 64;

async function inBatches(
  classifier: Classifier,
  inputs: ClassifierInputs,
  seed: number | string,
  context: WorkContext,
  outputs: number,
  apply: (parameters: NamedTensors, x: tf.Tensor4D) => tf.Tensor,
): Promise<Float32Array> {
  requireSameInput(classifier.description, inputs);
  const out = new Float32Array(inputs.count * outputs);
  await withLoaded(classifier.weights, async (parameters) => {
    for (let start = 0; start < inputs.count; start += BATCH) {
      await betweenParts(context, 'Classification');
      const count = Math.min(BATCH, inputs.count - start);
      const indices = Int32Array.from({ length: count }, (_, i) => start + i);
      const values = inputs.read(indices, Random.for(seed, 'predict', start));
      const result = tf.tidy(() => apply(parameters, batchTensor(values, count, inputs.size)));
      out.set(await readTensor(result), start * outputs);
      result.dispose();
      context.onProgress?.({ stage: 'Classifying', done: start + count, total: inputs.count });
    }
  });
  return out;
}

function requireBothClasses(labels: ArrayLike<number>, count: number): void {
  const found = new Set(Array.from(labels));
  if (labels.length === count && found.size === 2 && found.has(0) && found.has(1)) return;
  throw new IsochromatError({
    code: 'classifier-labels',
    sentence: 'A classifier needs examples of both classes.',
    expected: `${count} labels, some 0 and some 1`,
    found: `${labels.length} labels with the values ${[...found].sort().join(', ') || 'none'}`,
    remedy: 'Annotate volumes of the missing class, or choose another split.',
  });
}

function requireSameInput(description: ClassifierDescription, inputs: ClassifierInputs): void {
  const wanted = `${description.input} ${description.size} × ${description.size}, phase by ${description.phaseReference}`;
  const given = `${inputs.input} ${inputs.size} × ${inputs.size}, phase by ${inputs.phaseReference}`;
  if (wanted === given) return;
  throw new IsochromatError({
    code: 'classifier-input',
    sentence: 'This classifier was trained on another kind of image.',
    expected: wanted,
    found: given,
  });
}
