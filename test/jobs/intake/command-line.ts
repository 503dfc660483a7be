import { spawn } from 'node:child_process';
import { join } from 'node:path';

const ENTRY = join(import.meta.dirname, '../../../main/cli/index.ts');

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a command of the program in a process of its own, its settings and logs in folders of the test. */
export function isochromat(args: string[], folders: { config: string; logs: string }, cwd?: string): Promise<Ran> {
  const child = spawn(process.execPath, [ENTRY, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ISOCHROMAT_CONFIG_DIR: folders.config, ISOCHROMAT_LOG_DIR: folders.logs },
  });
  const ran: Ran = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (ran.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (ran.stderr += chunk.toString()));
  return new Promise((done) => child.on('close', (code) => done({ ...ran, code })));
}
