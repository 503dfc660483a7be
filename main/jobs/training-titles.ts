import type { Preset } from '../models/presets.ts';

/** How reports call the trainings, and what their curves show. */
export const TRAINING_TITLES: Record<
  string,
  { title: string; quantity: (preset: Preset) => string; logarithmic: boolean } | undefined
> = {
  autoencoder: {
    title: 'Autoencoder',
    quantity: ({ autoencoder: { training } }) =>
      `loss (mean L1 + ${training.gradientWeight} gradient + ${training.klWeight} KL)`,
    logarithmic: true,
  },
  flow: { title: 'Flow, stage 1', quantity: () => 'loss (mean squared velocity error)', logarithmic: false },
  finetune: { title: 'Flow, stage 2', quantity: () => 'loss (mean squared velocity error)', logarithmic: false },
  classifier: { title: 'Patch classifier', quantity: () => 'loss (mean binary cross-entropy)', logarithmic: false },
};
