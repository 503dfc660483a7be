import { TISSUE_CLASSES } from '../domain/tissue.ts';
import type { AutoencoderDescription, ClassifierDescription, FlowDescription } from '../models/trained.ts';
import type { Study } from '../study/index.ts';
import { trainAutoencoder } from '../training/autoencoder.ts';
import { patchInputs } from '../training/classifier-inputs.ts';
import { trainClassifier } from '../training/classifier.ts';
import { finetuneFlow } from '../training/finetune.ts';
import { trainFlow } from '../training/flow.ts';
import { cachedLatents } from './latent-cache.ts';
import { openModelPatches } from './patch-data.ts';
import { presetOf, runTraining, settingsWithBudget } from './run-training.ts';
import type { FinishedTraining, TrainingRequest } from './run-training.ts';
import { loadAutoencoder, loadFlow } from './trained-models.ts';
import type { ModelKind } from './trained-models.ts';
import type { ModelWork } from './work.ts';

type Trainer<D extends AutoencoderDescription | FlowDescription | ClassifierDescription> = (
  study: Study,
  request: TrainingRequest,
  work: ModelWork,
  resume?: string,
) => Promise<FinishedTraining<D>>;

/** The autoencoder, on all training patches, labelled or not. */
export const trainAutoencoderJob: Trainer<AutoencoderDescription> = async (study, request, work, resume) => {
  const preset = presetOf(request);
  const dataset = await openModelPatches(study, request.patchSet, 'train', preset.patchSize);
  try {
    const settings = settingsWithBudget(preset.autoencoder.training, request);
    const { architecture } = preset.autoencoder;
    const input = { architecture, settings, phaseReference: preset.phaseReference, dataset, seed: request.seed };
    const job = { kind: 'autoencoder' as const, request, inputs: [request.patchSet], ...resumed(resume) };
    return await runTraining(study, job, work, (hooks) => trainAutoencoder(input, { ...hooks, stage: 'Autoencoder' }));
  } finally {
    dataset.close();
  }
};

/** Stage 1 of the flow, on the latents of all training patches. */
export const trainFlowJob: Trainer<FlowDescription> = async (study, request, work, resume) => {
  const preset = presetOf(request);
  const autoencoder = await loadAutoencoder(study, request.autoencoder);
  const latents = await cachedLatents(study, autoencoder, request.patchSet, 'train', work);
  const settings = settingsWithBudget(preset.flow.training, request);
  const input = { architecture: preset.flow.architecture, settings, latents, seed: request.seed };
  const known = { ...request, autoencoder: autoencoder.run };
  const inputs = [request.patchSet, autoencoder.checkpoint];
  const job = { kind: 'flow' as const, request: known, inputs, ...resumed(resume) };
  return runTraining(study, job, work, (hooks) => trainFlow(input, { ...hooks, stage: 'Flow, stage 1' }));
};

/** Stage 2 of the flow, on the latents of the labelled training patches. */
export const finetuneFlowJob: Trainer<FlowDescription> = async (study, request, work, resume) => {
  const preset = presetOf(request);
  const flow = await loadFlow(study, 'flow', request.flow);
  const { autoencoder: used } = study.runs.get(flow.run).config as TrainingRequest;
  const autoencoder = await loadAutoencoder(study, used);
  const latents = await cachedLatents(study, autoencoder, request.patchSet, 'train', work);
  const settings = settingsWithBudget(preset.flow.finetuning, request);
  const input = { pretrained: flow.model, settings, latents, seed: request.seed };
  const known = { ...request, autoencoder: autoencoder.run, flow: flow.run };
  const inputs = [request.patchSet, autoencoder.checkpoint, flow.checkpoint];
  const job = { kind: 'finetune' as const, request: known, inputs, ...resumed(resume) };
  return runTraining(study, job, work, (hooks) => finetuneFlow(input, { ...hooks, stage: 'Flow, stage 2' }));
};

/** The patch classifier, normal against abnormal, on real training patches: what scores volumes. */
export const trainClassifierJob: Trainer<ClassifierDescription> = async (study, request, work, resume) => {
  const preset = presetOf(request);
  const dataset = await openModelPatches(study, request.patchSet, 'train', preset.patchSize, ['normal', 'abnormal']);
  try {
    const abnormal = TISSUE_CLASSES.indexOf('abnormal');
    const labels = dataset.tissue.map((tissue) => (tissue === abnormal ? 1 : 0));
    const input = {
      architecture: preset.patchClassifier.architecture,
      settings: settingsWithBudget(preset.patchClassifier.training, request),
      inputs: patchInputs(dataset, preset.phaseReference),
      labels,
      strata: Array.from(labels, (label, i) => `${label}:${dataset.sequence[i]}`),
      seed: request.seed,
    };
    const job = { kind: 'classifier' as const, request, inputs: [request.patchSet], ...resumed(resume) };
    return await runTraining(study, job, work, (hooks) => trainClassifier(input, { ...hooks, stage: 'Classifier' }));
  } finally {
    dataset.close();
  }
};

export const TRAINERS: Record<ModelKind, Trainer<never>> = {
  autoencoder: trainAutoencoderJob,
  flow: trainFlowJob,
  finetune: finetuneFlowJob,
  classifier: trainClassifierJob,
} as Record<ModelKind, Trainer<never>>;

function resumed(resume: string | undefined): { resume?: string } {
  return resume === undefined ? {} : { resume };
}
