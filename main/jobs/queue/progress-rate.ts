import type { ProgressUpdate } from '../../domain/progress.ts';
import type { JobProgress } from './types.ts';

/** Seconds that a rate looks back: short enough to follow, long enough to be calm. */
const WINDOW_SECONDS = 30;
/** Before this there is nothing to tell a rate from. */
const SOONEST_SECONDS = 1;

/** Turns the progress of a job into rate and time left, stage by stage. */
export class ProgressRate {
  private stage: string | undefined;
  private points: { time: number; done: number }[] = [];

  /** @param seconds time on a clock that only goes forward */
  update({ stage, done, total, note, whole }: ProgressUpdate, seconds: number): JobProgress {
    const last = this.points.at(-1);
    if (stage !== this.stage || (last !== undefined && done < last.done)) {
      this.stage = stage;
      this.points = [];
    }
    this.points.push({ time: seconds, done });
    // The point before the window stays: it is where the window's rate begins.
    while (this.points.length > 2 && this.points[1]!.time < seconds - WINDOW_SECONDS) this.points.shift();
    const first = this.points[0]!;
    const elapsed = seconds - first.time;
    const rate = elapsed >= SOONEST_SECONDS && done > first.done ? (done - first.done) / elapsed : null;
    const known = total === undefined || !Number.isFinite(total) ? null : total;
    const stageLeft = rate === null || known === null ? null : Math.max(0, known - done) / rate;
    return {
      stage,
      done,
      total: known,
      share: whole?.share ?? (known === null || known <= 0 ? null : Math.min(1, Math.max(0, done / known))),
      rate,
      secondsLeft: whole?.secondsLeft ?? stageLeft,
      note: note ?? null,
    };
  }
}
