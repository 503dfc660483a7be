import type { ClassifierArchitecture } from './se-resnet.ts';
import type { CvaeArchitecture } from './cvae.ts';
import type { FlowArchitecture } from './flow-unet.ts';
import { IsochromatError } from '../domain/errors.ts';

/**
 * What fixes the zero of a patch's phase. `volume`: the reconstruction removed one offset per volume, patches are learnt as
 * they are (the paper's way). `patch`: each patch's mean phase is removed before encoding, and a uniform one is added when
 * sampling; fewer examples suffice. Recorded in every checkpoint.
 */
export type PhaseReference = 'volume' | 'patch';

/** How long a model trains: a number of steps, or a time from which the number of steps is planned. */
export type TrainingBudget = { readonly steps: number } | { readonly seconds: number };

/** What every training has. */
export interface OptimisationSettings {
  readonly batchSize: number;
  readonly budget: TrainingBudget;
  readonly learningRate: number;
  /** Learning rate rises linearly over this many steps, or over a tenth of the run where that is less. */
  readonly warmUpSteps: number;
  readonly schedule: 'constant' | 'cosine';
  readonly weightDecay: number;
  /** Largest global norm of a gradient. */
  readonly clipNorm: number;
  /** The moving average follows min(decay, (1+n)/(10+n)). */
  readonly emaDecay: number;
}

export interface AutoencoderSettings extends OptimisationSettings {
  /** λ_grad of mean|Δx| + mean|Δy|. */
  readonly gradientWeight: number;
  /** λ_KL of the mean over all latent elements. */
  readonly klWeight: number;
  /** λ_KL rises linearly over this share of the steps. */
  readonly klWarmUp: number;
}

/** Density of the training times t in [0, 1]; logit-normal is sigmoid(location + scale·normal). */
export type TimeDensity =
  { readonly kind: 'uniform' } | { readonly kind: 'logit-normal'; readonly location: number; readonly scale: number };

export interface FlowSettings extends OptimisationSettings {
  readonly timeDensity: TimeDensity;
  /** Share of samples whose condition is replaced by the unknown token. */
  readonly conditionDropout: number;
}

export interface FinetuneSettings extends FlowSettings {
  /** Share of the steps in which only the class table learns (phase A). */
  readonly frozenShare: number;
  /** Learning rate of the pretrained parameters in phase B, as a share of `learningRate`. */
  readonly pretrainedRate: number;
}

export interface ClassifierSettings extends OptimisationSettings {
  /** Beta(α, α) of mixup; 0 switches it off. */
  readonly mixup: number;
  readonly augment: boolean;
}

export interface SamplingSettings {
  readonly method: 'heun' | 'euler' | 'midpoint';
  readonly steps: number;
  /** How much closer the steps stand near the noise (`synthesis/time-grid.ts`); 1 = evenly spaced. */
  readonly timeShift: number;
  /** Guidance scale w of stage 1 evaluation and of stage 2 generation. */
  readonly guidance: { readonly stage1: number; readonly stage2: number };
}

export interface Preset {
  readonly name: PresetName;
  /** Side of the patches as cut from the images. */
  readonly extractedSize: number;
  /** Side of the patches that the models see; smaller than `extractedSize` = reduced (`training/reduce.ts`). */
  readonly patchSize: number;
  readonly latentSize: number;
  readonly phaseReference: PhaseReference;
  readonly autoencoder: { readonly architecture: CvaeArchitecture; readonly training: AutoencoderSettings };
  readonly flow: {
    readonly architecture: FlowArchitecture;
    readonly training: FlowSettings;
    readonly finetuning: FinetuneSettings;
  };
  readonly sampling: SamplingSettings;
  readonly latentClassifier: { readonly architecture: ClassifierArchitecture; readonly training: ClassifierSettings };
  readonly patchClassifier: { readonly architecture: ClassifierArchitecture; readonly training: ClassifierSettings };
}

export const PRESET_NAMES = ['paper', 'laptop', 'demo'] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

const EXTRACTED_SIZE = 96;
const LATENT_CHANNELS = 2;

const paperClassifier: ClassifierSettings = {
  batchSize: 128,
  budget: { steps: 20_000 },
  learningRate: 1e-3,
  warmUpSteps: 500,
  schedule: 'cosine',
  weightDecay: 0.05,
  clipNorm: 1,
  emaDecay: 0.999,
  mixup: 0.2,
  augment: true,
};

const paperFlow: FlowSettings = {
  batchSize: 128,
  budget: { steps: 400_000 },
  learningRate: 1e-4,
  warmUpSteps: 5_000,
  schedule: 'constant',
  weightDecay: 0,
  clipNorm: 1,
  emaDecay: 0.9999,
  timeDensity: { kind: 'uniform' },
  conditionDropout: 0.1,
};

const paper: Preset = {
  name: 'paper',
  extractedSize: EXTRACTED_SIZE,
  patchSize: 96,
  latentSize: 48,
  phaseReference: 'volume',
  autoencoder: {
    architecture: {
      patchChannels: 2,
      latentChannels: LATENT_CHANNELS,
      channels: [64, 128],
      encoderBlocks: [1, 3],
      decoderBlocks: [2, 3],
      embedding: 128,
    },
    training: {
      batchSize: 32,
      budget: { steps: 100_000 },
      learningRate: 2e-4,
      warmUpSteps: 1_000,
      schedule: 'cosine',
      weightDecay: 1e-4,
      clipNorm: 1,
      emaDecay: 0.999,
      gradientWeight: 0.5,
      klWeight: 1e-3,
      klWarmUp: 0.1,
    },
  },
  flow: {
    architecture: {
      latentSize: 48,
      latentChannels: LATENT_CHANNELS,
      channels: [128, 256, 256, 256],
      blocks: [2, 2, 2, 2],
      attention: [12, 6],
      headChannels: 64,
      embedding: 512,
      preconditioning: 'none',
    },
    training: paperFlow,
    finetuning: {
      ...paperFlow,
      budget: { steps: 50_000 },
      warmUpSteps: 500,
      frozenShare: 0.1,
      pretrainedRate: 0.1,
    },
  },
  sampling: { method: 'heun', steps: 25, timeShift: 1, guidance: { stage1: 1, stage2: 2 } },
  latentClassifier: {
    architecture: {
      inputChannels: LATENT_CHANNELS,
      channels: [64, 128, 256, 512],
      blocks: 2,
      squeeze: 16,
      stemStride: 1,
      pooling: 'mean',
    },
    training: { ...paperClassifier, augment: false },
  },
  patchClassifier: {
    architecture: {
      inputChannels: 2,
      channels: [64, 128, 256, 512],
      blocks: 2,
      squeeze: 16,
      stemStride: 2,
      pooling: 'mean',
    },
    training: paperClassifier,
  },
};

const laptop: Preset = {
  ...paper,
  name: 'laptop',
  autoencoder: {
    architecture: {
      ...paper.autoencoder.architecture,
      channels: [32, 64],
      encoderBlocks: [1, 2],
      decoderBlocks: [1, 3],
      embedding: 64,
    },
    training: { ...paper.autoencoder.training, batchSize: 16, budget: { steps: 40_000 }, learningRate: 5e-4 },
  },
  flow: {
    architecture: {
      ...paper.flow.architecture,
      channels: [64, 128, 128, 128],
      headChannels: 32,
      embedding: 256,
    },
    training: {
      ...paperFlow,
      batchSize: 32,
      budget: { steps: 100_000 },
      learningRate: 2e-4,
      warmUpSteps: 1_000,
      emaDecay: 0.9995,
    },
    finetuning: {
      ...paper.flow.finetuning,
      batchSize: 32,
      budget: { steps: 15_000 },
      emaDecay: 0.9995,
    },
  },
  sampling: { ...paper.sampling, steps: 20 },
  latentClassifier: {
    architecture: { ...paper.latentClassifier.architecture, channels: [32, 64, 128, 256] },
    training: { ...paper.latentClassifier.training, batchSize: 64, budget: { steps: 8_000 } },
  },
  patchClassifier: {
    architecture: { ...paper.patchClassifier.architecture, channels: [32, 64, 128, 256] },
    training: { ...paperClassifier, batchSize: 64, budget: { steps: 8_000 } },
  },
};

/** Minutes on two cores. Set `patchSize: 96, latentSize: 48` here and in the architecture for the paper's sizes. */
const DEMO_LATENT_SIZE = 24;
const demoClassifier: ClassifierSettings = {
  ...paperClassifier,
  batchSize: 24,
  budget: { steps: 300 },
  learningRate: 4e-3,
  warmUpSteps: 50,
  weightDecay: 0.02,
  emaDecay: 0.99,
  mixup: 0,
};
const demoFlow: FlowSettings = {
  ...paperFlow,
  batchSize: 8,
  budget: { seconds: 115 },
  learningRate: 4e-3,
  warmUpSteps: 100,
  schedule: 'cosine',
  emaDecay: 0.999,
  // A little towards the noise: there a short training learns least, and there the coarse structure is decided.
  timeDensity: { kind: 'logit-normal', location: -0.3, scale: 1.1 },
};

const demo: Preset = {
  name: 'demo',
  extractedSize: EXTRACTED_SIZE,
  patchSize: 2 * DEMO_LATENT_SIZE,
  latentSize: DEMO_LATENT_SIZE,
  phaseReference: 'patch',
  autoencoder: {
    architecture: {
      patchChannels: 2,
      latentChannels: LATENT_CHANNELS,
      channels: [16, 32],
      encoderBlocks: [0, 1],
      decoderBlocks: [0, 2],
      embedding: 16,
    },
    training: {
      ...paper.autoencoder.training,
      batchSize: 8,
      budget: { seconds: 40 },
      learningRate: 2e-3,
      warmUpSteps: 100,
      klWeight: 1e-2,
    },
  },
  flow: {
    architecture: {
      latentSize: DEMO_LATENT_SIZE,
      latentChannels: LATENT_CHANNELS,
      channels: [16, 32, 48],
      blocks: [1, 1, 1],
      attention: [12, 6],
      headChannels: 64,
      embedding: 64,
      preconditioning: 'gaussian',
    },
    training: demoFlow,
    finetuning: {
      ...demoFlow,
      budget: { seconds: 40 },
      learningRate: 3e-3,
      warmUpSteps: 30,
      frozenShare: 0.12,
      pretrainedRate: 0.5,
    },
  },
  sampling: { method: 'heun', steps: 10, timeShift: 3, guidance: { stage1: 1, stage2: 2 } },
  latentClassifier: {
    architecture: {
      inputChannels: LATENT_CHANNELS,
      channels: [8, 16, 32],
      blocks: 1,
      squeeze: 4,
      stemStride: 1,
      pooling: 'mean',
    },
    training: { ...demoClassifier, augment: false },
  },
  patchClassifier: {
    // Full resolution and a maximum: at half of it, or with a mean, lesions are found after ten times as many steps.
    architecture: {
      inputChannels: 2,
      channels: [12, 24, 48],
      blocks: 1,
      squeeze: 4,
      stemStride: 1,
      pooling: 'maximum',
    },
    training: demoClassifier,
  },
};

/** Every default of every model in one table. */
export const PRESETS: Readonly<Record<PresetName, Preset>> = { paper, laptop, demo };

/** The preset of that name. @throws IsochromatError `unknown-preset` */
export function presetNamed(name: string): Preset {
  const preset = (PRESETS as Record<string, Preset | undefined>)[name];
  if (preset !== undefined && Object.hasOwn(PRESETS, name)) return preset;
  throw new IsochromatError({
    code: 'unknown-preset',
    sentence: `There is no preset named "${name}".`,
    expected: PRESET_NAMES.join(', '),
    found: name,
  });
}
