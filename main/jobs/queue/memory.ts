import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import type { JobError } from './types.ts';

/** Share of the machine's memory that one job may fill: the engine, the window and the system need the rest. */
const SHARE = 0.75;
/** V8's heap holds small things; arrays of samples lie outside it. */
const LARGEST_HEAP = 4 * 2 ** 30;

/** Bytes of resident memory that a job may have; the limit of a container counts where it is lower than the machine's. */
export function defaultMemoryLimit(): number {
  const constrained = process.constrainedMemory();
  const machine = totalmem();
  return Math.floor(SHARE * (constrained > 0 ? Math.min(constrained, machine) : machine));
}

/** Size of V8's heap in MiB, as its flag wants it. */
export function heapLimitMiB(memoryLimit: number): number {
  return Math.max(64, Math.floor(Math.min(LARGEST_HEAP, memoryLimit / 2) / 2 ** 20));
}

/** Resident memory of a process in bytes; null where it cannot be told. */
export async function residentBytes(pid: number): Promise<number | null> {
  if (process.platform === 'linux') {
    try {
      const resident = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
      return resident === null ? null : 1024 * Number(resident[1]);
    } catch {
      return null;
    }
  }
  if (process.platform !== 'darwin') return null;
  return new Promise((done) => {
    execFile('ps', ['-o', 'rss=', '-p', String(pid)], (error, stdout) => {
      done(error === null ? 1024 * Number(stdout) : null);
    });
  });
}

/** Should memory run out all the same, Linux ends this process first, and not the desktop. */
export function sacrificeFirst(pid: number): void {
  if (process.platform !== 'linux') return;
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, '1000');
  } catch {
    // Not allowed here, or the process has ended.
  }
}

/** How many processes Linux has ended for want of memory since it started; 0 where that is not told. */
export function systemMemoryKills(): number {
  if (process.platform !== 'linux') return 0;
  try {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

const REFUSALS = [
  /array buffer allocation failed/i,
  /invalid typed array length/i,
  /could not allocate memory/i,
  /out of memory/i,
  /\bOOM\b/,
  /bad_alloc/,
];

/** Whether something thrown says that memory was refused. */
export function isMemoryError(thrown: unknown): boolean {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    const { code } = error as { code?: unknown };
    if (code === 'ERR_MEMORY_ALLOCATION_FAILED' || code === 'ERR_WORKER_OUT_OF_MEMORY') return true;
    if (REFUSALS.some((refusal) => refusal.test((error as Error).message))) return true;
  }
  return false;
}

/** Whether the last words of a process say that it died for want of memory. */
export function diedForMemory(lastWords: string): boolean {
  return /heap out of memory|Fatal process out of memory|bad_alloc|Zone Allocation failed/i.test(lastWords);
}

export function outOfMemory(limit: number): JobError {
  return {
    code: 'out-of-memory',
    sentence: `This job needed more memory than it may have here (${(limit / 2 ** 30).toFixed(1)} GiB).`,
    remedy: 'Close other programs, or ask for less at a time: a smaller preset, fewer files or threads.',
  };
}
