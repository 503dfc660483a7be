import '../library.ts';
import * as tf from '@tensorflow/tfjs-core';

/** An operation with a gradient written by hand. */
export interface OperationDefinition<Attributes extends object> {
  /** The output first; then whatever else the gradient wants to find again. */
  forward: (inputs: readonly tf.Tensor[], attributes: Attributes) => tf.Tensor[];
  /**
   * One function for each input, called only for inputs whose gradient is wanted: frozen parameters and data cost nothing.
   * `outputs` holds what `forward` returned after the first.
   */
  gradient: (
    outputGradient: tf.Tensor,
    inputs: readonly tf.Tensor[],
    outputs: readonly tf.Tensor[],
    attributes: Attributes,
  ) => (() => tf.Tensor)[];
}

/**
 * What `tf.customGrad` is made of. That function itself computes the gradient of every input, wanted or not; what lies below it asks for each
 * by itself. A registered kernel with a registered gradient would do that too, but gets an array of zeros for each further output.
 */
interface Recorder {
  runKernelFunc(invocation: {
    forwardFunc: (backend: unknown, save: (tensors: tf.Tensor[]) => void) => tf.Tensor;
    backwardsFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => Record<string, () => tf.Tensor>;
    inputs: Record<string, tf.Tensor>;
  }): tf.Tensor;
}

/**
 * Makes a TensorFlow.js operation with its own gradient. Nothing but the inputs and the extra outputs lives from the forward to the backward pass.
 */
export function differentiable<Attributes extends object>(
  definition: OperationDefinition<Attributes>,
): (inputs: readonly tf.Tensor[], attributes: Attributes) => tf.Tensor {
  return (inputs, attributes) =>
    (tf.engine() as unknown as Recorder).runKernelFunc({
      forwardFunc: (_backend, save) => {
        const [output, ...extra] = definition.forward(inputs, attributes);
        save([...inputs, ...extra]);
        return output!;
      },
      backwardsFunc: (dy, saved) => {
        const [savedInputs, extra] = [saved.slice(0, inputs.length), saved.slice(inputs.length)];
        return byPlace(definition.gradient(dy, savedInputs, extra, attributes));
      },
      inputs: byPlace(inputs),
    });
}

const byPlace = <T>(list: readonly T[]): Record<string, T> => Object.fromEntries(list.entries());

let wantedVariables: ReadonlySet<tf.Tensor> | undefined;

/** Runs `body`, in which only gradients of these variables (and of what is no variable) are wanted: operations may spare themselves the others. */
export function wanting<T>(variables: readonly tf.Variable[], body: () => T): T {
  const before = wantedVariables;
  wantedVariables = new Set(variables);
  try {
    return body();
  } finally {
    wantedVariables = before;
  }
}

/** Whether none of these needs a gradient. */
export function areFrozen(tensors: readonly tf.Tensor[]): boolean {
  return tensors.every(
    (tensor) => tensor instanceof tf.Variable && wantedVariables !== undefined && !wantedVariables.has(tensor),
  );
}

/** Whether somebody may ask for gradients of what is computed now. */
export function isRecorded(): boolean {
  return tf.engine().state.gradientDepth > 0;
}
