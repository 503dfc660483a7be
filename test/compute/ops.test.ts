import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import {
  binaryCrossEntropyMean,
  klDivergenceMean,
  meanAbsolutePlusGradientLoss,
} from '../../main/compute/losses/index.ts';
import { attention, attentionReference } from '../../main/compute/ops/attention.ts';
import { conv2d, conv2dReference } from '../../main/compute/ops/conv2d.ts';
import { groupNormSilu, groupNormSiluReference } from '../../main/compute/ops/group-norm-silu.ts';
import { linear, linearReference } from '../../main/compute/ops/linear.ts';
import { silu, siluReference } from '../../main/compute/ops/silu.ts';
import { squeezeExcitation } from '../../main/compute/ops/squeeze-excitation.ts';
import { upsampleNearest2, upsampleNearest2Reference } from '../../main/compute/ops/upsample.ts';
import { describeOnEveryBackend } from './every-backend.ts';
import { network, referenceTensors, relativeError } from './reference.ts';

type Operation = (...inputs: tf.Tensor[]) => tf.Tensor;
interface Case {
  reference: string;
  inputs: string[];
  operation: Operation;
  /** The same from stock operations. */
  composed?: Operation;
}

const tolerance = 1e-4;
const norm = { groups: 4, epsilon: 1e-5 };

const cases: Case[] = [
  ...(['conv3x3', 'conv1x1', 'conv3x3_wide', 'conv3x3_stride2'] as const).map((reference): Case => {
    const options = { stride: reference === 'conv3x3_stride2' ? 2 : 1 } as const;
    return {
      reference,
      inputs: ['x', 'kernel', 'bias'],
      operation: (x, kernel, bias) => conv2d(x!, kernel!, bias, options),
      composed: (x, kernel, bias) => conv2dReference(x!, kernel!, bias, options),
    };
  }),
  {
    reference: 'group_norm_4',
    inputs: ['x', 'gamma', 'beta'],
    operation: (x, gamma, beta) => groupNormSilu(x!, gamma!, beta!, { ...norm, silu: false }),
    composed: (x, gamma, beta) => groupNormSiluReference(x!, gamma!, beta!, { ...norm, silu: false }),
  },
  {
    reference: 'group_norm_film_silu',
    inputs: ['x', 'gamma', 'beta', 'scale', 'shift'],
    operation: (x, gamma, beta, scale, shift) =>
      groupNormSilu(x!, gamma!, beta!, { ...norm, film: { scale: scale!, shift: shift! } }),
    composed: (x, gamma, beta, scale, shift) =>
      groupNormSiluReference(x!, gamma!, beta!, { ...norm, film: { scale: scale!, shift: shift! } }),
  },
  {
    reference: 'attention',
    inputs: ['q', 'k', 'v'],
    operation: (q, k, v) => attention(q!, k!, v!),
    composed: (q, k, v) => attentionReference(q!, k!, v!),
  },
  {
    reference: 'upsample_nearest_2',
    inputs: ['x'],
    operation: (x) => upsampleNearest2(x!),
    composed: (x) => upsampleNearest2Reference(x!),
  },
  {
    reference: 'squeeze_excitation',
    inputs: ['x', 'w_reduce', 'b_reduce', 'w_expand', 'b_expand'],
    operation: (x, reduce, reduceBias, expand, expandBias) =>
      squeezeExcitation(x!, {
        reduce: tf.transpose(reduce!),
        reduceBias: reduceBias!,
        expand: tf.transpose(expand!),
        expandBias: expandBias!,
      }),
  },
  {
    reference: 'kl_divergence_mean',
    inputs: ['mu', 'log_variance'],
    operation: (mu, logVariance) => klDivergenceMean(mu!, logVariance!),
  },
  {
    reference: 'l1_plus_gradient_half',
    inputs: ['prediction', 'target'],
    operation: (prediction, target) => meanAbsolutePlusGradientLoss(prediction!, target!, 0.5),
  },
  {
    reference: 'bce_with_logits',
    inputs: ['logits'],
    operation: (logits) =>
      binaryCrossEntropyMean(logits!, tf.tensor1d(network.operations['bce_with_logits']!.targets!)),
  },
];

await describeOnEveryBackend('differentiable operations equal PyTorch', (backend) => {
  for (const { reference, inputs, operation, composed } of cases) {
    // Two thousand million multiplications are not for plain JavaScript.
    if (backend === 'cpu' && reference === 'conv3x3_wide') continue;
    it(`${reference}: output and every gradient`, async () => {
      await compare(operation, reference, inputs);
    });
    if (composed) {
      it(`${reference}: the reference from stock operations too`, async () => {
        await compare(composed, reference, inputs);
      });
    }
  }
});

async function compare(operation: Operation, reference: string, inputs: string[]): Promise<void> {
  const tensors = await referenceTensors(reference);
  const arguments_ = inputs.map((role) => tensors[role]!);
  const output = operation(...arguments_);
  expect(relativeError(output, tensors['output']!), 'output').toBeLessThan(tolerance);
  const gradients = tf.grads(operation)(arguments_, tf.reshape(tensors['output_gradient']!, output.shape));
  inputs.forEach((role, i) => {
    expect(relativeError(gradients[i]!, tensors[`gradient_${role}`]!), `gradient of ${role}`).toBeLessThan(tolerance);
  });
  tf.dispose([gradients, output, tensors]);
}

void [linear, linearReference, silu, siluReference];
