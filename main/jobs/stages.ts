import { cancelled } from '../domain/errors.ts';
import type { WorkContext } from '../domain/progress.ts';
import type { StageCost } from '../report/report-data.ts';

/** Runs the stages of a longer work one after another and keeps what each of them cost. */
export class Stages {
  readonly costs: StageCost[] = [];
  private readonly context: WorkContext;
  private readonly begin = performance.now();

  constructor(context: WorkContext) {
    this.context = context;
  }

  /** Seconds since the first stage could begin. */
  get elapsed(): number {
    return (performance.now() - this.begin) / 1000;
  }

  async run<T>(name: string, work: () => Promise<T>, note?: (result: T) => string): Promise<T> {
    if (this.context.signal?.aborted === true) throw cancelled(name);
    const start = performance.now();
    const result = await work();
    const seconds = (performance.now() - start) / 1000;
    // The largest resident memory of the process until now, worker threads included.
    const peakMemoryBytes = process.resourceUsage().maxRSS * 1024;
    this.costs.push({ name, seconds, peakMemoryBytes, ...(note === undefined ? {} : { note: note(result) }) });
    this.context.log?.(`stage: ${name}`, { seconds, peakMemoryBytes });
    return result;
  }
}
