import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { parameterCount } from '../../main/models/parameters.ts';
import { PRESETS } from '../../main/models/presets.ts';
import { classifierFeatures, classifierParameters, classify } from '../../main/models/se-resnet.ts';
import { deadParameters, normalTensor, testBackend, TINY_CLASSIFIER, variables } from './tiny.ts';

beforeAll(testBackend);

describe('the SE-ResNet classifier', () => {
  it('is an SE-ResNet-18 of 11 million parameters in the paper preset', () => {
    const { latentClassifier, patchClassifier } = PRESETS.paper;
    expect(parameterCount(classifierParameters(latentClassifier.architecture)) / 1e6).toBeCloseTo(11.3, 1);
    expect(parameterCount(classifierParameters(patchClassifier.architecture)) / 1e6).toBeCloseTo(11.3, 1);
  });

  it('gives one logit and one feature vector a sample, for images of any size', () => {
    const p = variables(classifierParameters(TINY_CLASSIFIER), 0.1);
    for (const size of [8, 12]) {
      const x = normalTensor('x', [2, size, size, 2]);
      expect(classify(TINY_CLASSIFIER, p, x).shape).toEqual([2]);
      expect(classifierFeatures(TINY_CLASSIFIER, p, x).shape).toEqual([2, 8]);
    }
  });

  it.each(['mean', 'maximum'] as const)('sends a gradient to every parameter when it pools by %s', (pooling) => {
    const p = variables(classifierParameters(TINY_CLASSIFIER), 0.1);
    const x = normalTensor('x', [4, 8, 8, 2]);
    expect(deadParameters(p, () => tf.sum(classify({ ...TINY_CLASSIFIER, pooling }, p, x)))).toEqual([]);
  });

  it('pools by the largest value of each map, or by their mean', () => {
    const p = variables(classifierParameters(TINY_CLASSIFIER), 0.1);
    const x = normalTensor('x', [3, 8, 8, 2]);
    const [mean, maximum] = (['mean', 'maximum'] as const).map((pooling) =>
      classifierFeatures({ ...TINY_CLASSIFIER, pooling }, p, x).dataSync(),
    );
    expect([...maximum!].every((value, i) => value > mean![i]!)).toBe(true);
  });
});
