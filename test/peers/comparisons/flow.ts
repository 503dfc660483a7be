import { flowParameters } from '../../../main/models/flow-unet.ts';
import { parameterCount } from '../../../main/models/parameters.ts';
import { PRESETS } from '../../../main/models/presets.ts';
import type { PresetName } from '../../../main/models/presets.ts';
import { Random } from '../../../main/domain/random.ts';
import { floats } from '../tasks/task.ts';
import type { Comparison, Inputs, Target } from './comparison.ts';
import { PYTORCH, TFJS_NODE } from './comparison.ts';
import { comparableWeights, networkSides, normals, sequences } from './models.ts';

const millions = (count: number): string => `${(count / 1e6).toFixed(2)} M weights`;

async function inputs(preset: PresetName, batch: number): Promise<Inputs> {
  const { architecture } = PRESETS[preset].flow;
  const { latentSize, latentChannels } = architecture;
  const shape = [batch, latentSize, latentSize, latentChannels];
  const random = Random.for('peers', 'time');
  return {
    arrays: {
      ...comparableWeights(flowParameters(architecture)),
      ...{ x: normals('x', shape), target: normals('target', shape), sequence: sequences(batch) },
      time: floats(Float32Array.from({ length: batch }, () => random.uniform())),
    },
  };
}

/** Training steps of the flow U-Net. */
export function flowTraining(
  preset: PresetName,
  batch: number,
  targets: readonly Target[],
  more: Partial<Comparison> = {},
): Comparison {
  const { architecture, training } = PRESETS[preset].flow;
  const weights = millions(parameterCount(flowParameters(architecture)));
  return {
    name: `flow-training-${preset}-${batch}`,
    title: `Training step of the flow U-Net, preset ${preset} (${weights}), batch ${batch}`,
    sides: networkSides('flow-training', preset !== 'demo'),
    settings: { preset, architecture, training },
    ...{ amount: batch, unit: 'images/s' },
    inputs: () => inputs(preset, batch),
    tolerance: { loss: 1e-4, gradient: 2e-3, losses: 1e-2 },
    targets,
    ...more,
  };
}

/** Sampling latents, which is the network forwards. */
export function flowSampling(preset: PresetName, batch: number, targets: readonly Target[]): Comparison {
  const { flow, sampling } = PRESETS[preset];
  return {
    name: `flow-sampling-${preset}-${batch}`,
    title: `Sampling with the flow U-Net, preset ${preset}, batch ${batch}, Heun ${sampling.steps} steps; images = passes forward`,
    sides: networkSides('flow-sampling', preset !== 'demo'),
    settings: { preset, architecture: flow.architecture, steps: sampling.steps },
    ...{ amount: 2 * sampling.steps * batch, unit: 'images/s' },
    inputs: () => inputs(preset, batch),
    tolerance: { velocity: 1e-3, sample: 1e-3 },
    targets,
  };
}

const laptopTargets: readonly Target[] = [
  { against: TFJS_NODE, atLeast: 1.5 },
  { against: PYTORCH, atLeast: 0.6 },
];

export const flowComparisons: readonly Comparison[] = [
  flowTraining('demo', PRESETS.demo.flow.training.batchSize, [
    { against: TFJS_NODE, atLeast: 3 },
    { against: PYTORCH, atLeast: 0.8, stretch: 1.2 },
  ]),
  flowTraining('laptop', 16, laptopTargets, { mostBytes: 2 * 2 ** 30 }),
  flowTraining('laptop', 32, laptopTargets, { beside: true }),
  flowSampling('demo', 32, [
    { against: TFJS_NODE, atLeast: 2.5 },
    { against: PYTORCH, atLeast: 0.8 },
  ]),
];
