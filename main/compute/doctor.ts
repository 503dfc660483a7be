import { spawn } from 'node:child_process';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Attempt } from './backend.ts';
import { candidates, preference } from './backend.ts';
import type { BackendCandidate } from './backends/candidate.ts';
import { cacheFolder } from './tensorflow/installation.ts';

/** What one backend showed in a process of its own. */
export interface Examination extends Attempt {
  /** Of a convolution with its gradients; null where it was not measured. */
  gigaflops: number | null;
  /** Operations of the models that it ran in plain JavaScript. */
  fallbackOperations: string[];
}

export interface DoctorBackend extends Examination {
  /** Whether work without `--backend` runs on it. */
  chosen: boolean;
  /** Why it stands where it stands in the order. */
  reasoning: string;
  /** How to get it; empty where it works. */
  remedy: string;
}

/** What this machine can do. */
export interface DoctorReport {
  node: string;
  system: string;
  processor: string;
  cores: number;
  memoryBytes: number;
  /** Where downloaded parts are kept. */
  cacheFolder: string;
  /** In the order of preference. */
  backends: DoctorBackend[];
}

/**
 * Tries every backend, each in a process of its own, so that a driver that crashes or hangs shows as a line of the report.
 * @param options `timeoutSeconds` for each; `log` hears what is being tried
 */
export async function runDoctor(
  options: { timeoutSeconds?: number; log?: (message: string) => void } = {},
): Promise<DoctorReport> {
  const { timeoutSeconds = 60, log } = options;
  const backends: DoctorBackend[] = [];
  for (const candidate of candidates) {
    log?.(`Trying ${candidate.name}`);
    const examination = await examine(candidate, timeoutSeconds);
    const chosen = examination.works && preference.includes(candidate) && !backends.some(({ chosen }) => chosen);
    const remedy = examination.works ? '' : candidate.remedy;
    backends.push({ ...examination, chosen, reasoning: candidate.reasoning, remedy });
  }
  return {
    node: process.version,
    system: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    cacheFolder: cacheFolder(),
    backends,
  };
}

const script = fileURLToPath(new URL('doctor-process.ts', import.meta.url));

async function examine({ name }: BackendCandidate, timeoutSeconds: number): Promise<Examination> {
  const started = performance.now();
  const { output, ending } = await runToEnd([script, name], timeoutSeconds);
  try {
    return JSON.parse(output) as Examination;
  } catch {
    const ms = Math.round(performance.now() - started);
    const failed = { works: false, device: '', version: '', gigaflops: null, fallbackOperations: [] };
    return { name, ...failed, reason: ending, ms };
  }
}

/** @returns standard output, and in words how the process ended */
function runToEnd(args: readonly string[], timeoutSeconds: number): Promise<{ output: string; ending: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutSeconds * 1000 });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-4000)));
    child.on('error', (error) => resolve({ output: '', ending: error.message }));
    child.on('close', (status, signal) => {
      const lastWords = errors.split('\n').findLast((line) => /error|fatal|illegal/i.test(line)) ?? '';
      const how = signal === null ? `It ended with exit code ${status}.` : `It was ended by ${signal}.`;
      const slow = signal === 'SIGTERM' ? ` It had not answered after ${timeoutSeconds} s.` : '';
      resolve({ output, ending: `${how}${slow} ${lastWords}`.trim() });
    });
  });
}
