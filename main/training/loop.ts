import type { Scalar } from '../compute/tensors.ts';
import { cancelled, IsochromatError } from '../domain/errors.ts';
import type { ProgressUpdate, WorkContext } from '../domain/progress.ts';
import type { NamedTensors, ParameterSpec, Weights } from '../models/parameters.ts';
import type { OptimisationSettings } from '../models/presets.ts';
import type { ModelDescription, TrainedModel } from '../models/trained.ts';
import { StepPlan } from './budget.ts';
import { requireSameRun } from './checkpoint.ts';
import type { TrainingCheckpoint } from './checkpoint.ts';
import { MetricsWindow } from './metrics.ts';
import type { MetricsEntry } from './metrics.ts';
import { learningRateFactor } from './schedule.ts';
import { TrainableNetwork } from './trainable-network.ts';
import type { LearningShare } from './trainable-network.ts';

/** Where a run stands. `total` is infinite while a time budget is still being measured. */
export interface StepContext {
  /** Steps done before this one. */
  step: number;
  total: number;
}

/**
 * What is trained, and on what. Whatever is random in `loss` is drawn from the seed and the step alone: that, the weights and
 * the optimiser's moments are the whole state of a run, and a resumed run equals an uninterrupted one bit for bit.
 */
export interface TrainingTask<D extends ModelDescription> {
  description: D;
  parameters: readonly ParameterSpec[];
  /** Values to start from, where given, instead of the specifications' own. */
  initialWeights?: Weights;
  settings: OptimisationSettings;
  seed: number | string;
  /** Loss of this step's batch. */
  loss: (tensors: NamedTensors, at: StepContext) => Scalar;
  /** Which phase a step belongs to, where parameters learn differently from phase to phase; 0 unless given. */
  phase?: (at: StepContext) => number;
  /** Share of the learning rate for a parameter in a phase; 0 freezes it. 1 unless given. */
  share?: (name: string, phase: number) => number;
}

/** What a run says and asks while it goes. */
export interface TrainingHooks extends WorkContext {
  /** Goes on from here. */
  resume?: TrainingCheckpoint;
  onMetrics?: (entry: MetricsEntry) => void;
  onCheckpoint?: (checkpoint: TrainingCheckpoint) => void | Promise<void>;
  /** A checkpoint is due after this many steps or seconds, whichever is first; one minute unless given. */
  checkpointEvery?: { steps?: number; seconds?: number };
  /** What progress calls this work. */
  stage?: string;
  /** Seconds on a clock that only goes forward. */
  now?: () => number;
}

export interface TrainingResult<D extends ModelDescription> {
  description: D;
  /** As the last step left them. */
  parameters: Weights;
  /** Their exponential moving average: what the model is used with. */
  ema: Weights;
  /** The averaged model, ready for use. */
  model: TrainedModel<D>;
  /** Metrics of this session. */
  history: MetricsEntry[];
}

/** Steps in a row without a finite loss and gradient after which a run ends. */
const TOLERATED_NONFINITE = 5;
const CHECKPOINT_SECONDS = 60;
/** The event loop gets a turn this often, so that cancelling and reporting work while a backend computes synchronously. */
const YIELD_SECONDS = 0.05;

/**
 * Trains one model: the one loop of this program. Learning-rate schedule, clipping, AdamW, moving average, metrics, checkpoints.
 * A step whose loss or gradient is not finite is skipped and counted.
 * @throws IsochromatError `cancelled` (after a checkpoint), `training-diverged` (the last good checkpoint is kept)
 */
export async function train<D extends ModelDescription>(
  task: TrainingTask<D>,
  hooks: TrainingHooks = {},
): Promise<TrainingResult<D>> {
  const { description, settings, seed } = task;
  const now = hooks.now ?? (() => performance.now() / 1000);
  const begin = now();
  if (hooks.resume !== undefined) requireSameRun(hooks.resume, description, seed);
  const plan = new StepPlan(settings.budget, hooks.resume?.state.plan);
  const shareIn = (phase: number): LearningShare => {
    return (name) => task.share?.(name, phase) ?? 1;
  };
  let phase = hooks.resume?.state.phase ?? task.phase?.({ step: 0, total: plan.total }) ?? 0;
  const network = new TrainableNetwork(task.parameters, settings, seed, shareIn(phase), task.initialWeights);
  const history: MetricsEntry[] = [];
  const window = new MetricsWindow(begin);
  let { step, skipped } = hooks.resume?.state ?? { step: 0, skipped: 0 };
  let inARow = 0;
  let learningRate = 0;
  let saved = { step, at: begin };
  let yielded = begin;

  const emit = (time: number): void => {
    if (window.empty) return;
    const { total, elapsed } = plan.state(time - begin);
    const entry = window.take(time, settings.batchSize, { step, total, learningRate, seconds: elapsed, skipped });
    history.push(entry);
    hooks.onMetrics?.(entry);
    hooks.onProgress?.(progressOf(entry, hooks.stage ?? 'Training'));
  };
  const checkpoint = async (): Promise<void> => {
    saved = { step, at: now() };
    if (hooks.onCheckpoint === undefined) return;
    const state = { seed, step, phase, updates: network.updates, skipped, plan: plan.state(now() - begin) };
    await hooks.onCheckpoint({ description, state, ...(await network.read()) });
  };

  try {
    if (hooks.resume !== undefined) network.restore(hooks.resume, hooks.resume.state.updates);
    while (step < plan.total) {
      const at = { step, total: plan.total };
      learningRate =
        settings.learningRate * learningRateFactor(step, at.total, settings.warmUpSteps, settings.schedule);
      const due = task.phase?.(at) ?? 0;
      if (due !== phase) network.begin(shareIn((phase = due)));
      const { loss, gradientNorm, applied } = await network.update((tensors) => task.loss(tensors, at), learningRate);
      step += 1;
      inARow = applied ? 0 : inARow + 1;
      if (applied) window.add(loss, gradientNorm);
      else skipped += 1;

      const time = now();
      plan.observe(step, time - begin);
      if (inARow >= TOLERATED_NONFINITE) {
        await checkpoint();
        throw diverged(step, loss, gradientNorm);
      }
      if (window.due(time)) emit(time);
      if (time - yielded >= YIELD_SECONDS) {
        await new Promise<void>((resolve) => setImmediate(resolve));
        yielded = now();
      }
      if (hooks.signal?.aborted === true) {
        emit(now());
        await checkpoint();
        throw cancelled('Training');
      }
      if (checkpointDue(hooks.checkpointEvery, step - saved.step, time - saved.at)) await checkpoint();
    }
    emit(now());
    if (saved.step !== step || hooks.resume === undefined) await checkpoint();
    const { network: parameters, ema } = await network.read();
    return { description, parameters, ema, model: { description, weights: ema }, history };
  } finally {
    network.dispose();
  }
}

function checkpointDue(every: TrainingHooks['checkpointEvery'], steps: number, seconds: number): boolean {
  const { steps: afterSteps = Number.POSITIVE_INFINITY, seconds: afterSeconds = CHECKPOINT_SECONDS } = every ?? {};
  return steps >= afterSteps || seconds >= afterSeconds;
}

function progressOf({ step, total, loss, imagesPerSecond, skipped }: MetricsEntry, stage: string): ProgressUpdate {
  const note = `loss ${loss.toPrecision(3)} · ${Math.round(imagesPerSecond)} patches/s`;
  return {
    stage,
    done: step,
    ...(total === null ? {} : { total }),
    note: skipped === 0 ? note : `${note} · ${skipped} steps skipped`,
  };
}

function diverged(step: number, loss: number, gradientNorm: number): IsochromatError {
  return new IsochromatError({
    code: 'training-diverged',
    sentence: `Training stopped at step ${step}: its loss is no longer a number.`,
    expected: 'a finite loss and gradient',
    found: `loss ${loss}, gradient norm ${gradientNorm}, ${TOLERATED_NONFINITE} steps in a row`,
    remedy: 'The last good checkpoint is kept. Lower the learning rate, or look for patches with impossible values.',
  });
}
