import { MultiBar, Presets } from 'cli-progress';
import type { SingleBar } from 'cli-progress';
import type { ProgressListener, ProgressUpdate } from '../domain/progress.ts';

/** Shows progress on standard error: a live bar on a terminal, otherwise a plain line now and then. */
export interface ProgressDisplay {
  listener: ProgressListener;
  stop(): void;
}

export function openProgress(quiet: boolean, stream: NodeJS.WriteStream = process.stderr): ProgressDisplay {
  if (quiet) return { listener: () => {}, stop: () => {} };
  return stream.isTTY ? bars(stream) : lines(stream);
}

function bars(stream: NodeJS.WriteStream): ProgressDisplay {
  const format = ' {stage} {bar} {percentage}% {value}/{total} {left} {note}';
  const display = new MultiBar({ stream, format, hideCursor: true, clearOnComplete: false }, Presets.shades_classic);
  const open = new Map<string, { bar: SingleBar; started: number }>();
  return {
    listener(update) {
      const total = update.total ?? Math.max(update.done, 1);
      let entry = open.get(update.stage);
      if (entry === undefined) {
        for (const other of open.values()) other.bar.stop();
        entry = { bar: display.create(total, 0, payload(update, performance.now())), started: performance.now() };
        open.set(update.stage, entry);
      }
      entry.bar.setTotal(total);
      entry.bar.update(update.done, payload(update, entry.started));
    },
    stop: () => display.stop(),
  };
}

/** At most one line every few seconds for a stage, and always its end. */
function lines(stream: NodeJS.WriteStream, interval = 5000): ProgressDisplay {
  const stages = new Map<string, { started: number; last: number; finished: boolean }>();
  return {
    listener(update) {
      const now = performance.now();
      const state = stages.get(update.stage) ?? { started: now, last: -Infinity, finished: false };
      stages.set(update.stage, state);
      const finished = update.total !== undefined && update.done >= update.total;
      if (state.finished || (!finished && now - state.last < interval)) return;
      state.last = now;
      state.finished = finished;
      const { stage, left, note } = payload(update, state.started);
      const count = update.total === undefined ? `${update.done}` : `${update.done}/${update.total}`;
      stream.write(`${[stage, count, left, note].filter((part) => part !== '').join(' · ')}\n`);
    },
    stop: () => {},
  };
}

function payload(update: ProgressUpdate, started: number): { stage: string; left: string; note: string } {
  const elapsed = (performance.now() - started) / 1000;
  let left = '';
  if (update.total !== undefined && update.done > 0) {
    const seconds = (elapsed / update.done) * (update.total - update.done);
    left = update.done >= update.total ? `${duration(elapsed)}` : `${duration(seconds)} left`;
  }
  return { stage: update.stage, left, note: update.note ?? '' };
}

/** 4.2 s, 38 s, 3 min 20 s, 2 h 5 min. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 99.5) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
