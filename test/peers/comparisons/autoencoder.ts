import { cvaeParameters } from '../../../main/models/cvae.ts';
import { parameterCount } from '../../../main/models/parameters.ts';
import { PRESETS } from '../../../main/models/presets.ts';
import type { PresetName } from '../../../main/models/presets.ts';
import type { Comparison, Target } from './comparison.ts';
import { PYTORCH, TFJS_NODE } from './comparison.ts';
import { comparableWeights, networkSides, normals, sequences } from './models.ts';

/** Training steps of the autoencoder. */
function autoencoderTraining(preset: PresetName, targets: readonly Target[]): Comparison {
  const { autoencoder, patchSize, latentSize } = PRESETS[preset];
  const { architecture, training } = autoencoder;
  const specs = cvaeParameters(architecture);
  const batch = training.batchSize;
  const weights = `${(parameterCount(specs) / 1e6).toFixed(2)} M weights`;
  return {
    name: `autoencoder-training-${preset}`,
    title: `Training step of the autoencoder, preset ${preset} (${weights}), batch ${batch} of ${patchSize} × ${patchSize}`,
    sides: networkSides('autoencoder-training', preset !== 'demo'),
    settings: { preset, architecture, training },
    ...{ amount: batch, unit: 'images/s' },
    inputs: async () => ({
      arrays: {
        ...comparableWeights(specs),
        patches: normals('patches', [batch, patchSize, patchSize, architecture.patchChannels]),
        noise: normals('noise', [batch, latentSize, latentSize, architecture.latentChannels]),
        sequence: sequences(batch),
      },
    }),
    // |x| has a kink at zero: where an error crosses it in one program and not in the other, a whole sign differs.
    tolerance: { loss: 1e-4, gradient: 5e-3, losses: 1e-2 },
    targets,
  };
}

export const autoencoderComparisons: readonly Comparison[] = [
  autoencoderTraining('demo', [
    { against: TFJS_NODE, atLeast: 3 },
    { against: PYTORCH, atLeast: 0.8, stretch: 1.2 },
  ]),
  autoencoderTraining('laptop', [
    { against: TFJS_NODE, atLeast: 1.5 },
    { against: PYTORCH, atLeast: 0.6 },
  ]),
];
