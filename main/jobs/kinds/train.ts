import { setTimeout as sleep } from 'node:timers/promises';
import { cancelled } from '../../domain/errors.ts';
import type { WorkContext } from '../../domain/progress.ts';
import type { Study } from '../../study/index.ts';
import type { JobParameters } from '../kinds.ts';
import { requirePatchSet } from '../patch-data.ts';
import type { TrainingRequest } from '../run-training.ts';
import { TRAINERS } from '../train.ts';
import { onDevice } from './device.ts';
import type { JobRunner } from './runner.ts';

export const runTrain: JobRunner<'train'> = async (study, { parameters }, context) => {
  const { model, run: resume } = parameters;
  if (resume !== undefined) await untilFree(study, resume, context);
  const request = resume === undefined ? requestOf(study, parameters) : requestOfRun(study, resume);
  const work = await onDevice(parameters.backend, context);
  const { run } = await TRAINERS[model](study, request, work, resume);
  const { step } = (run.summary ?? {}) as { step?: number };
  return {
    outcome: {
      summary: step === undefined ? 'The model is trained.' : `Trained for ${step.toLocaleString('en-US')} steps.`,
      items: [run.id],
      links: { run: run.id },
      details: run.summary,
    },
  };
};

function requestOf(study: Study, parameters: JobParameters<'train'>): TrainingRequest {
  const { preset, seed, budget, autoencoder, flow } = parameters;
  return {
    preset,
    seed,
    patchSet: requirePatchSet(study, parameters.patchSet).id,
    ...(budget === undefined ? {} : { budget }),
    ...(autoencoder === undefined ? {} : { autoencoder }),
    ...(flow === undefined ? {} : { flow }),
  };
}

function requestOfRun(study: Study, run: string): TrainingRequest {
  return study.runs.get(run).config as TrainingRequest;
}

const PATIENCE_MS = 60_000;
const LOOK_MS = 500;

/** Waits until a process that was at the run, and whose engine is gone, has saved its checkpoint and ended. */
async function untilFree(study: Study, run: string, context: WorkContext): Promise<void> {
  const since = performance.now();
  while (study.runs.get(run).status === 'running' && performance.now() - since < PATIENCE_MS) {
    study.putRight();
    if (study.runs.get(run).status !== 'running') return;
    if (context.signal?.aborted === true) throw cancelled('Training');
    context.onProgress?.({ stage: 'Waiting for the earlier process of this run', done: 0 });
    await sleep(LOOK_MS);
  }
}
