import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';

/** One line of `metrics.jsonl`: the step and what was measured then. Numbers that are not finite become null. */
export interface MetricsLine {
  step: number;
  [name: string]: number | string | null;
}

/** Marks that a run went on from a checkpoint: what was logged beyond it has been superseded. */
interface ResumeMark {
  resumedAt: number;
}

/** Appends to the metrics of a run. Each line is handed to the system at once; `flush` makes them survive a power cut. */
export class MetricsLog {
  private readonly handle: number;

  /** @param resumedAt step of the checkpoint from which the run goes on */
  constructor(file: string, resumedAt?: number) {
    const torn = existsSync(file) && endsInTheMiddle(file);
    this.handle = openSync(file, 'a');
    if (torn) writeSync(this.handle, '\n');
    if (resumedAt !== undefined) this.write({ resumedAt });
  }

  append(line: MetricsLine): void {
    this.write(line);
  }

  flush(): void {
    fsyncSync(this.handle);
  }

  close(): void {
    this.flush();
    closeSync(this.handle);
  }

  private write(line: MetricsLine | ResumeMark): void {
    writeSync(this.handle, `${JSON.stringify(line)}\n`);
  }
}

/**
 * The metrics of a run as they count: lines beyond a step at which the run was resumed are left out, and so is a last
 * line that was torn when its process was killed.
 */
export function readMetrics(file: string): MetricsLine[] {
  if (!existsSync(file)) return [];
  let lines: MetricsLine[] = [];
  for (const text of readFileSync(file, 'utf8').split('\n')) {
    const line = parse(text);
    if (line === undefined) continue;
    if ('resumedAt' in line) lines = lines.filter(({ step }) => step <= (line as ResumeMark).resumedAt);
    else lines.push(line as MetricsLine);
  }
  return lines;
}

function parse(text: string): MetricsLine | ResumeMark | undefined {
  try {
    const value = JSON.parse(text) as Partial<MetricsLine & ResumeMark> | null;
    return typeof value?.step === 'number' || typeof value?.resumedAt === 'number' ? (value as MetricsLine) : undefined;
  } catch {
    return undefined;
  }
}

function endsInTheMiddle(file: string): boolean {
  const text = readFileSync(file);
  return text.length > 0 && text.at(-1) !== 0x0a;
}
