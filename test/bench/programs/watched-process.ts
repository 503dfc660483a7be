import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

export interface Watched {
  seconds: number;
  /** Largest sum of the resident memory of the process and all below it, looked at every tenth of a second; null where it cannot be seen. */
  peakBytes: number | null;
  output: string;
}

/** Runs a program to its end. @throws Error with its last words where it fails */
export function watch(command: string, args: readonly string[], folder: string): Promise<Watched> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    let peakBytes: number | null = null;
    const look = setInterval(() => {
      const bytes = process.platform === 'linux' ? residentBytesBelow(child.pid!) : null;
      if (bytes !== null) peakBytes = Math.max(peakBytes ?? 0, bytes);
    }, 100);
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2000)));
    child.on('error', reject);
    child.on('close', (status) => {
      clearInterval(look);
      const seconds = (performance.now() - started) / 1000;
      if (status === 0) resolve({ seconds, peakBytes, output });
      else reject(new Error(`${command} ${args.join(' ')} ended with ${status}: ${errors.trim().slice(-500)}`));
    });
  });
}

/** Resident memory of a process and its descendants, from /proc. */
function residentBytesBelow(root: number): number {
  const parents = new Map<number, number>();
  const resident = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const status = readFileSync(`/proc/${name}/status`, 'utf8');
      parents.set(Number(name), Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]));
      resident.set(Number(name), 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0));
    } catch {
      // It ended while we looked.
    }
  }
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (pid === root || isBelow(parents.get(pid)));
  return [...resident].reduce((sum, [pid, bytes]) => (isBelow(pid) ? sum + bytes : sum), 0);
}
