import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const entry = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'bin', 'isochromat.js');

export interface CliResult {
  code: number | null;
  output: string;
  errors: string;
}

/** Runs the command line in a process of its own, as a user does. `whileRunning` may signal it. */
export function runCli(
  args: readonly string[],
  options: { cwd?: string; whileRunning?: (child: ChildProcess, errors: () => string) => void } = {},
): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry, ...args], { cwd: options.cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output, errors }));
    options.whileRunning?.(child, () => errors);
  });
}
