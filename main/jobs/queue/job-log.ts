import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LogLine } from './types.ts';

/** A job that logs more than this has lost its senses; what comes after is not kept. */
const MOST_LINES = 50_000;

/** The log of a job, `jobs/<id>/log.jsonl`: one line of JSON each. It holds no paths and no names. */
export class JobLog {
  private readonly file: string;
  private count: number;

  constructor(root: string, job: string) {
    const folder = join(root, job);
    mkdirSync(folder, { recursive: true });
    this.file = join(folder, 'log.jsonl');
    this.count = readLog(root, job).length;
  }

  append(line: Omit<LogLine, 'number'>): LogLine | undefined {
    if (this.count >= MOST_LINES) return undefined;
    const numbered = { number: this.count++, ...line };
    try {
      appendFileSync(this.file, `${JSON.stringify(numbered)}\n`);
    } catch {
      // A full disk is no reason to lose the job too.
    }
    return numbered;
  }
}

/** Lines of a log from number `from` on. One that was cut off by a crash is left out. */
export function readLog(root: string, job: string, from = 0): LogLine[] {
  const file = join(root, job, 'log.jsonl');
  if (!existsSync(file)) return [];
  const lines: LogLine[] = [];
  for (const text of readFileSync(file, 'utf8').split('\n')) {
    if (text === '') continue;
    try {
      const line = JSON.parse(text) as LogLine;
      lines.push({ ...line, number: lines.length });
    } catch {
      continue;
    }
  }
  return lines.slice(from);
}
