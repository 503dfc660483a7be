import * as tf from '@tensorflow/tfjs-core';

import { registerCpuSimd } from '../../main/compute/backends/cpu-simd/index.ts';
import { tensorFrom } from '../../main/compute/tensors.ts';
import { Random } from '../../main/domain/random.ts';
import type { CvaeArchitecture } from '../../main/models/cvae.ts';
import type { FlowArchitecture } from '../../main/models/flow-unet.ts';
import { createParameters } from '../../main/models/parameters.ts';
import type { NamedTensors, ParameterSpec } from '../../main/models/parameters.ts';
import type { ClassifierArchitecture } from '../../main/models/se-resnet.ts';

/** The presets' shapes in miniature: a test takes milliseconds on the plainest backend. */
export const TINY_CVAE: CvaeArchitecture = {
  patchChannels: 2,
  latentChannels: 2,
  channels: [4, 8],
  encoderBlocks: [1, 1],
  decoderBlocks: [1, 1],
  embedding: 4,
};
export const TINY_FLOW: FlowArchitecture = {
  latentSize: 8,
  latentChannels: 2,
  channels: [8, 8, 16],
  blocks: [1, 1, 1],
  attention: [2],
  headChannels: 8,
  embedding: 8,
  preconditioning: 'none',
};
export const TINY_CLASSIFIER: ClassifierArchitecture = {
  inputChannels: 2,
  channels: [4, 8],
  blocks: 1,
  squeeze: 2,
  stemStride: 1,
  pooling: 'mean',
};

/** The backend that tests run on: our own kernels, always there. */
export async function testBackend(): Promise<void> {
  await registerCpuSimd();
  await tf.setBackend('cpu-simd');
}

/** Parameters as variables; `noise` moves them off their zeros so that every gradient can be seen. */
export function variables(
  specs: readonly ParameterSpec[],
  noise = 0,
): NamedTensors & { all: Map<string, tf.Variable> } {
  const parameters = createParameters(specs, 1);
  const all = new Map(parameters.names().map((name) => [name, parameters.variable(name)]));
  for (const [name, variable] of all) {
    const shift = Random.for('noise', name)
      .normals(variable.size)
      .map((value) => noise * value);
    variable.assign(tf.add(variable, tensorFrom(shift, variable.shape)));
  }
  return { all, get: (name) => all.get(name)! };
}

export function normalTensor(seed: string, shape: number[]): tf.Tensor4D {
  return tensorFrom(Random.for(seed).normals(shape.reduce((a, b) => a * b, 1)), shape) as tf.Tensor4D;
}

/** Names of the parameters that a loss does not depend on. */
export function deadParameters(parameters: { all: Map<string, tf.Variable> }, loss: () => tf.Scalar): string[] {
  const { grads, value } = tf.variableGrads(loss, [...parameters.all.values()]);
  const dead = [...parameters.all].filter(([, variable]) => {
    const gradient = grads[variable.name];
    return gradient == null || !gradient.dataSync().some((g) => g !== 0);
  });
  tf.dispose([grads, value]);
  return dead.map(([name]) => name);
}
