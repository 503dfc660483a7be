import type { TrainingBudget } from '../models/presets.ts';

/** What a run needs to go on planning after a resume. */
export interface PlanState {
  /** Steps of the whole run as planned; null while the speed is still being measured. */
  total: number | null;
  /** Seconds trained so far, over all sessions of the run. */
  elapsed: number;
}

/** Share of a time budget after which the number of steps is fixed. */
const MEASURED_SHARE = 0.04;
/** The first steps compile kernels and fill caches; they do not count as speed. */
const WARM_STEPS = 3;
/** A plan is shortened when the run would end later than this multiple of its budget. */
const TOLERATED_OVERRUN = 1.05;

/**
 * Turns a budget into a number of steps, which the learning-rate schedule needs. With a time budget, the speed is measured
 * in the first seconds and the total fixed from it; it is only ever shortened afterwards, should the machine slow down.
 */
export class StepPlan {
  private readonly budget: TrainingBudget;
  private plan: number | null;
  /** Seconds of earlier sessions of this run. */
  private readonly before: number;
  private measuredFrom: { step: number; elapsed: number } | undefined;

  constructor(budget: TrainingBudget, resumed?: PlanState) {
    this.budget = budget;
    this.before = resumed?.elapsed ?? 0;
    this.plan = 'steps' in budget ? budget.steps : (resumed?.total ?? null);
  }

  /** Steps of the whole run. While unknown, a lower bound that keeps warm-up going: never reached. */
  get total(): number {
    return this.plan ?? Number.POSITIVE_INFINITY;
  }

  state(sessionSeconds: number): PlanState {
    return { total: this.plan, elapsed: this.before + sessionSeconds };
  }

  /**
   * Call after every step.
   * @param step steps done in the whole run
   * @param sessionSeconds since this session's start
   */
  observe(step: number, sessionSeconds: number): void {
    if ('steps' in this.budget) return;
    const { seconds } = this.budget;
    const elapsed = this.before + sessionSeconds;
    this.measuredFrom ??= { step: step + WARM_STEPS, elapsed: 0 };
    if (step <= this.measuredFrom.step) {
      this.measuredFrom.elapsed = elapsed;
      if (elapsed >= seconds) this.plan = step;
      return;
    }
    const sinceMark = elapsed - this.measuredFrom.elapsed;
    const rate = (step - this.measuredFrom.step) / Math.max(sinceMark, 1e-9);
    const projected = step + Math.max(0, Math.floor(rate * (seconds - elapsed)));
    if (this.plan === null) {
      if (sinceMark >= MEASURED_SHARE * seconds) this.plan = Math.max(step, projected);
    } else if (elapsed + (this.plan - step) / rate > TOLERATED_OVERRUN * seconds) {
      this.plan = Math.max(step, projected);
    }
  }
}
