import { IsochromatError } from '../domain/errors.ts';
import type { Autoencoder, Classifier, Flow, TrainedModel } from '../models/trained.ts';
import type { Run, Study } from '../study/index.ts';
import { modelOf } from '../training/checkpoint.ts';
import { readCheckpoint } from './checkpoint-file.ts';

/** A model of a study together with where it came from. */
export interface StudyModel<M extends TrainedModel = TrainedModel> {
  model: M;
  run: string;
  checkpoint: string;
}

const NAMES = {
  autoencoder: 'autoencoder',
  flow: 'first-stage flow',
  finetune: 'second-stage flow',
  classifier: 'classifier',
};
export type ModelKind = keyof typeof NAMES;

export async function loadAutoencoder(study: Study, run?: string): Promise<StudyModel<Autoencoder>> {
  return loadModel(study, 'autoencoder', run) as Promise<StudyModel<Autoencoder>>;
}

export async function loadFlow(study: Study, kind: 'flow' | 'finetune', run?: string): Promise<StudyModel<Flow>> {
  return loadModel(study, kind, run) as Promise<StudyModel<Flow>>;
}

export async function loadClassifier(study: Study, run?: string): Promise<StudyModel<Classifier>> {
  return loadModel(study, 'classifier', run) as Promise<StudyModel<Classifier>>;
}

/**
 * The averaged weights of a run's last checkpoint; of the newest run that succeeded where none is named.
 * @throws IsochromatError `no-such-model` where there is none of this kind
 */
async function loadModel(study: Study, kind: ModelKind, run?: string): Promise<StudyModel> {
  const found = run === undefined ? study.runs.latest({ kind }) : study.runs.get(run);
  if (found === undefined) throw noSuchModel(kind, `isochromat train ${kind}`);
  if (found.kind !== kind) throw wrongKind(found, kind);
  const checkpoint = study.checkpoints.latest(found.id);
  if (checkpoint === undefined) throw noSuchModel(kind, `isochromat train ${kind}`, found.id);
  return { model: modelOf(await readCheckpoint(checkpoint.file)), run: found.id, checkpoint: checkpoint.id };
}

function noSuchModel(kind: ModelKind, command: string, run?: string): IsochromatError {
  return new IsochromatError({
    code: 'no-such-model',
    sentence: run === undefined ? `There is no ${NAMES[kind]} in this study yet.` : 'This run has no checkpoint.',
    ...(run === undefined ? {} : { subject: run }),
    remedy: `Train one first: ${command} STUDY.`,
  });
}

function wrongKind(run: Run, kind: ModelKind): IsochromatError {
  return new IsochromatError({
    code: 'wrong-kind-of-run',
    sentence: `This run did not train a ${NAMES[kind]}.`,
    subject: run.id,
    expected: kind,
    found: run.kind,
  });
}
