import '../library.ts';
import * as tf from '@tensorflow/tfjs-core';

/** An operation with a gradient written by hand. */
export interface OperationDefinition<Attributes extends object> {
  name: string;
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
 * Makes a TensorFlow.js operation with its own gradient. `tf.customGrad` would compute the gradient of every input
 * whether or not it is wanted, so this goes through the kernel and gradient registries. Nothing but the inputs and the extra outputs
 * lives from the forward to the backward pass.
 */
export function differentiable<Attributes extends object>(
  definition: OperationDefinition<Attributes>,
): (inputs: readonly tf.Tensor[], attributes: Attributes) => tf.Tensor {
  const kernelName = `Isochromat${definition.name}`;
  tf.registerGradient({
    kernelName,
    saveAllInputs: true,
    outputsToSave: [false, ...Array<boolean>(extraOutputs).fill(true)],
    gradFunc: (dy, saved, attributes) => {
      const { inputCount, ...rest } = attributes as unknown as Attributes & { inputCount: number };
      const outputGradient = Array.isArray(dy) ? dy[0]! : dy;
      const gradients = definition.gradient(
        outputGradient,
        saved.slice(0, inputCount),
        saved.slice(inputCount),
        rest as unknown as Attributes,
      );
      return Object.fromEntries(gradients.map((gradient, index) => [String(index), gradient]));
    },
  });
  const kernelFunc: tf.KernelFunc = ({ inputs, attrs }) =>
    tf.tidy(() => definition.forward(inputs as unknown as tf.Tensor[], attrs as unknown as Attributes));

  return (inputs, attributes) => {
    const backendName = tf.getBackend();
    if (!tf.getKernel(kernelName, backendName)) tf.registerKernel({ kernelName, backendName, kernelFunc });
    const outputs = tf.engine().runKernel(
      kernelName,
      inputs as unknown as tf.NamedTensorMap,
      {
        ...attributes,
        inputCount: inputs.length,
      } as unknown as tf.NamedAttrMap,
    ) as unknown as tf.Tensor[];
    return outputs[0]!;
  };
}

/** More than any operation here has; the registry wants a fixed number. */
const extraOutputs = 4;
