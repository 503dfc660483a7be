import { IsochromatError } from '../domain/errors.ts';
import { presetNamed } from '../models/presets.ts';
import type { OptimisationSettings, Preset, PresetName, TrainingBudget } from '../models/presets.ts';
import type { ModelDescription, TrainedModel } from '../models/trained.ts';
import type { Run, Study } from '../study/index.ts';
import type { TrainingHooks, TrainingResult } from '../training/loop.ts';
import { meanSpeed } from '../training/metrics.ts';
import type { MetricsEntry } from '../training/metrics.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint-file.ts';
import type { ModelKind } from './trained-models.ts';
import type { ModelWork } from './work.ts';

/** What a training is asked for; the rest is in the preset. All of it is kept with the run, for `resume`. */
export interface TrainingRequest {
  preset: PresetName;
  seed: number;
  budget?: TrainingBudget;
  patchSet: string;
  /** The autoencoder's run (flows), and the first stage's (fine-tuning). */
  autoencoder?: string;
  flow?: string;
}

/** What a run that succeeded says of itself: its last metrics, with the mean speed of its last session. */
export type TrainingSummary = MetricsEntry;

/** Null of a run that had nothing left to do when it was resumed. */
export function trainingSummary(run: Run): TrainingSummary | null {
  return run.summary as TrainingSummary | null;
}

export interface FinishedTraining<D extends ModelDescription> {
  run: Run;
  model: TrainedModel<D>;
}

export function settingsWithBudget<S extends OptimisationSettings>(settings: S, request: TrainingRequest): S {
  return request.budget === undefined ? settings : { ...settings, budget: request.budget };
}

export function presetOf(request: TrainingRequest): Preset {
  return presetNamed(request.preset);
}

/**
 * Wraps one training in a run of the study: metrics to `metrics.jsonl`, checkpoints to safetensors, the end state recorded
 * whatever happens. With `resume`, an earlier run of the same request goes on from its last checkpoint.
 */
export async function runTraining<D extends ModelDescription>(
  study: Study,
  { kind, request, inputs, resume }: { kind: ModelKind; request: TrainingRequest; inputs: string[]; resume?: string },
  work: ModelWork,
  train: (hooks: TrainingHooks) => Promise<TrainingResult<D>>,
): Promise<FinishedTraining<D>> {
  const run =
    resume === undefined
      ? await study.runs.start({
          kind,
          preset: request.preset,
          inputs,
          configuration: request,
          seed: request.seed,
          ...work.on,
        })
      : study.runs.resume(resume);
  const from = resume === undefined ? undefined : study.checkpoints.latest(run.id);
  const metrics = study.runs.openMetrics(run.id, resume === undefined ? undefined : (from?.step ?? 0));
  try {
    const result = await train({
      ...work,
      ...(from === undefined ? {} : { resume: await readCheckpoint(from.file) }),
      onMetrics: (entry) => metrics.append({ ...entry }),
      onCheckpoint: async (checkpoint) => {
        metrics.flush();
        await study.checkpoints.add(run.id, checkpoint.state.step, (path) => writeCheckpoint(path, checkpoint));
      },
    });
    metrics.close();
    const last = result.history.at(-1);
    const summary = last && { ...last, imagesPerSecond: meanSpeed(result.history) };
    return { run: await study.runs.finish(run.id, 'succeeded', summary), model: result.model };
  } catch (thrown) {
    metrics.close();
    const cancelled = thrown instanceof IsochromatError && thrown.code === 'cancelled';
    await study.runs.finish(run.id, cancelled ? 'cancelled' : 'failed', { error: String(thrown) });
    if (!cancelled || study.checkpoints.latest(run.id) === undefined) throw thrown;
    throw new IsochromatError({
      code: 'cancelled',
      sentence: 'Training was cancelled; its last checkpoint is kept.',
      subject: run.id,
      remedy: `Go on with: isochromat train ${kind} ${study.folder} --resume ${run.id}`,
      cause: thrown,
    });
  }
}
