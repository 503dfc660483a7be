import type { Example, TrainAndScore } from '../evaluation/classification-task.ts';
import type { Preset } from '../models/presets.ts';
import type { Classifier } from '../models/trained.ts';
import { selectedInputs } from '../training/classifier-inputs.ts';
import type { ClassifierInputs } from '../training/classifier-inputs.ts';
import { predict, trainClassifier } from '../training/classifier.ts';

/**
 * The classifiers of experiments: each is trained from scratch on its examples, used and forgotten.
 * @param pool all items of the experiment, real and synthetic; an item's `key` is its index there
 */
export function experimentClassifiers(
  { architecture, training }: Preset['patchClassifier'],
  pool: ClassifierInputs,
): TrainAndScore {
  return async (task, context) => {
    const keys = (examples: readonly Example[]): number[] => examples.map(({ item }) => item.key);
    const { model } = await trainClassifier(
      {
        architecture,
        settings: training,
        inputs: selectedInputs(pool, keys(task.training)),
        labels: task.training.map(({ target }) => target),
        strata: task.training.map(({ item, target }) => `${target}:${item.sequence}`),
        seed: task.seed,
      },
      context?.signal === undefined ? {} : { signal: context.signal },
    );
    const score = (examples: readonly Example[]): Promise<Float32Array> =>
      scoresOf(model, pool, keys(examples), task.seed);
    const tests: Float32Array[] = [];
    for (const test of task.tests) tests.push(await score(test));
    return { validation: await score(task.validation), tests };
  };
}

async function scoresOf(
  model: Classifier,
  pool: ClassifierInputs,
  keys: number[],
  seed: number,
): Promise<Float32Array> {
  return keys.length === 0 ? new Float32Array(0) : predict(model, selectedInputs(pool, keys), seed);
}
