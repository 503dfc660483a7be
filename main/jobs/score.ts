import { asIsochromatError, cancelled, IsochromatError } from '../domain/errors.ts';
import type { ErrorDetails } from '../domain/errors.ts';
import { rankVolumes, topScore } from '../evaluation/volume-score.ts';
import type { VolumeScoresResult } from '../evaluation/volume-score.ts';
import type { ScoreSet, Study, Volume } from '../study/index.ts';
import { patchInputs } from '../training/classifier-inputs.ts';
import { predict } from '../training/classifier.ts';
import { loadClassifier } from './trained-models.ts';
import { volumePatches } from './volume-patches.ts';
import type { ModelWork } from './work.ts';

export interface ScoreRequest {
  /** The classifier's run; the newest where not given. */
  run?: string;
  /** External volumes, or the test split of a patch set, which the classifier never saw either. */
  volumes: 'external' | { testOf: string };
}

export interface ScoreOutcome {
  set: ScoreSet;
  run: string;
  result: VolumeScoresResult;
  /** Volumes that could not be scored, each with its reason. */
  refused: { volume: string; error: Omit<ErrorDetails, 'cause'> }[];
}

/** Scores whole volumes: the mean of the top ⌈5 %⌉ of their patches' probabilities of being abnormal. */
export async function scoreJob(study: Study, request: ScoreRequest, work: ModelWork): Promise<ScoreOutcome> {
  const { model, run, checkpoint } = await loadClassifier(study, request.run);
  const external = request.volumes === 'external';
  const volumes = study.volumes.list(
    request.volumes === 'external'
      ? { purpose: 'external' }
      : { split: { patchSet: request.volumes.testOf, split: 'test' } },
  );
  const scored: { volume: Volume; score: number; patches: number; used: number }[] = [];
  const refused: ScoreOutcome['refused'] = [];
  for (const volume of volumes) {
    if (work.signal?.aborted === true) throw cancelled('Scoring');
    work.onProgress?.({ stage: 'Scoring volumes', done: scored.length + refused.length, total: volumes.length });
    try {
      const patches = await volumePatches(study, volume, model.description.size);
      const probabilities = await predict(model, patchInputs(patches, model.description.phaseReference));
      scored.push({ volume, ...topScore(probabilities) });
    } catch (thrown) {
      refused.push({ volume: volume.name, error: asIsochromatError(thrown, volume.name).toJSON() });
    }
  }
  work.onProgress?.({ stage: 'Scoring volumes', done: volumes.length, total: volumes.length });
  if (scored.length === 0) throw nothingScored(volumes.length, refused);
  const name = external ? 'External volumes' : 'Held-out test volumes';
  const set = study.scores.add({
    run,
    scores: scored.map(({ volume, ...score }) => ({ ...score, volume: volume.id, tissueClass: volume.tissueClass })),
    inputs: [checkpoint, ...scored.map(({ volume }) => volume.id)],
    configuration: { purpose: external ? 'external' : 'test', name },
    ...work.on,
  });
  const result = rankVolumes(
    scored.map(({ volume, ...score }) => ({
      ...score,
      id: volume.id,
      label: volume.tissueClass === 'abnormal' ? 1 : volume.tissueClass === 'normal' ? 0 : null,
    })),
  );
  return { set, run, result, refused };
}

function nothingScored(volumes: number, refused: ScoreOutcome['refused']): IsochromatError {
  return new IsochromatError({
    code: 'nothing-scored',
    sentence: volumes === 0 ? 'There are no volumes to score.' : 'None of the volumes could be scored.',
    ...(refused[0] === undefined ? {} : { found: refused[0].error.sentence }),
    ...(volumes === 0 ? { remedy: 'Import them first: isochromat import STUDY PATH --purpose external.' } : {}),
  });
}
