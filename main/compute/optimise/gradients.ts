import * as tf from '@tensorflow/tfjs-core';
import { wanting } from '../ops/differentiable.ts';
import type { Scalar, Tensor } from '../tensors.ts';
import type { ParameterSet } from './parameters.ts';

/**
 * A loss and its gradients with respect to some parameters. Gradients of the other parameters are not computed.
 * @param names the parameters wanted; one that the loss does not depend on gets zeros
 * @param loss builds the loss from `parameters`; its intermediate tensors are freed
 * @returns the loss and the gradients by name; both are the caller's to dispose
 */
export function lossAndGradients(
  parameters: ParameterSet,
  names: readonly string[],
  loss: () => Scalar,
): { loss: Scalar; gradients: Map<string, Tensor> } {
  const variables = names.map((name) => parameters.variable(name));
  const { value, grads } = wanting(variables, () => tf.variableGrads(loss, variables));
  const gradients = new Map<string, Tensor>();
  names.forEach((name, i) => {
    const variable = variables[i]!;
    gradients.set(name, grads[variable.name] ?? tf.zeros(variable.shape));
  });
  return { loss: value, gradients };
}
