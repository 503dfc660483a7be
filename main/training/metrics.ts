/** One line of `metrics.jsonl`: means over the steps since the line before. */
export interface MetricsEntry {
  /** Steps done. */
  step: number;
  /** Steps of the whole run; null while the speed is still being measured. */
  total: number | null;
  loss: number;
  learningRate: number;
  gradientNorm: number;
  imagesPerSecond: number;
  /** Seconds trained, over all sessions of the run. */
  seconds: number;
  /** Steps skipped so far because their loss or gradient was not a number. */
  skipped: number;
}

/** Gathers steps into metrics entries. */
export class MetricsWindow {
  private steps = 0;
  private loss = 0;
  private gradientNorm = 0;
  private since: number;

  constructor(now: number) {
    this.since = now;
  }

  add(loss: number, gradientNorm: number): void {
    this.steps += 1;
    this.loss += loss;
    this.gradientNorm += gradientNorm;
  }

  /** Whether enough has gathered for an entry: a second, or two hundred steps. */
  due(now: number): boolean {
    return this.steps > 0 && (now - this.since >= 1 || this.steps >= 200);
  }

  get empty(): boolean {
    return this.steps === 0;
  }

  /** The entry, after which the window starts anew. @param now seconds */
  take(
    now: number,
    batchSize: number,
    at: Pick<MetricsEntry, 'step' | 'total' | 'learningRate' | 'seconds' | 'skipped'>,
  ): MetricsEntry {
    const entry = {
      ...at,
      loss: this.loss / this.steps,
      gradientNorm: this.gradientNorm / this.steps,
      imagesPerSecond: (this.steps * batchSize) / Math.max(now - this.since, 1e-9),
    };
    this.steps = this.loss = this.gradientNorm = 0;
    this.since = now;
    return entry;
  }
}

/**
 * Images per second over a session: by the seconds between its entries, without those before the first, which belong to starting,
 * unless there are no others.
 */
export function meanSpeed(history: readonly Pick<MetricsEntry, 'seconds' | 'imagesPerSecond'>[]): number {
  if (history.length < 2) return history[0]?.imagesPerSecond ?? 0;
  let images = 0;
  for (let i = 1; i < history.length; i++) {
    images += history[i]!.imagesPerSecond * (history[i]!.seconds - history[i - 1]!.seconds);
  }
  return images / Math.max(history.at(-1)!.seconds - history[0]!.seconds, 1e-9);
}
