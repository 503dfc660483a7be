import { IsochromatError } from '../domain/errors.ts';
import { CONDITION_CLASSES, TISSUE_CLASSES } from '../domain/tissue.ts';
import type { ConditionClass } from '../domain/tissue.ts';
import { UNKNOWN_CLASS } from '../models/conditions.ts';
import { CLASS_TABLE, classTableParameters, flowParameters } from '../models/flow-unet.ts';
import type { FinetuneSettings } from '../models/presets.ts';
import type { Flow, FlowDescription } from '../models/trained.ts';
import { requireItems } from './dataset.ts';
import { flowMatchingLoss, prefetchedFlow } from './flow.ts';
import type { LatentSet } from './latent-set.ts';
import { train } from './loop.ts';
import type { TrainingHooks, TrainingResult } from './loop.ts';

export interface FinetuningInput {
  /** Stage 1, with its averaged weights. */
  pretrained: Flow;
  settings: FinetuneSettings;
  /** Training latents; those of unlabeled patches are left out. */
  latents: LatentSet;
  seed: number | string;
}

/**
 * Stage 2: the class (normal, abnormal) becomes a second condition. Phase A trains the class table alone, phase B everything,
 * the pretrained parameters at a lower rate. Sequence × class strata are drawn equally often; the label is dropped to
 * `unknown` for a share of the samples, the sequence never is.
 */
export async function finetuneFlow(
  { pretrained, settings, latents, seed }: FinetuningInput,
  hooks: TrainingHooks = {},
): Promise<TrainingResult<Flow['description']>> {
  const { architecture } = pretrained.description;
  if (latents.phaseReference !== pretrained.description.phaseReference) {
    throw new IsochromatError({
      code: 'phase-reference-mismatch',
      sentence: 'These latents were made with another phase reference than the flow was trained with.',
      expected: pretrained.description.phaseReference,
      found: latents.phaseReference,
    });
  }
  const description: FlowDescription = { ...pretrained.description, stage: 2 };
  const labelled = Array.from({ length: latents.count }, (_, i) => i).filter(
    (i) => conditionOf(latents.tissue[i]!) !== UNKNOWN_CLASS,
  );
  requireItems(labelled.length, 'the second stage of the flow');
  const batches = prefetchedFlow({
    ...{ kind: 'finetune', latents, standardisation: description.standardisation, seed, ...settings },
    labelled: { indices: labelled, tissue: labelled.map((i) => conditionOf(latents.tissue[i]!)) },
  });
  try {
    return await train(
      {
        description,
        parameters: [...flowParameters(architecture), ...classTableParameters(architecture)],
        initialWeights: pretrained.weights,
        settings,
        seed,
        // Phase A: 0, phase B: 1.
        phase: ({ step, total }) => (step < settings.frozenShare * total ? 0 : 1),
        share: (name, phase) => (name === CLASS_TABLE ? 1 : phase === 0 ? 0 : settings.pretrainedRate),
        loss: (parameters, { step }) => flowMatchingLoss(description, parameters, batches.take(step)),
      },
      hooks,
    );
  } finally {
    await batches.close();
  }
}

/** Index into TISSUE_CLASSES → index into CONDITION_CLASSES; what is not labelled is `unknown`. */
export function conditionOf(tissue: number): number {
  return Math.max(UNKNOWN_CLASS, CONDITION_CLASSES.indexOf(TISSUE_CLASSES[tissue] as ConditionClass));
}
