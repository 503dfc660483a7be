import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import asc from 'assemblyscript/asc';
import { cacheFolder } from '../../../main/compute/tensorflow/installation.ts';
import { hasRelaxedSimd } from '../../../main/kernels/loader.ts';
import { THREADS } from '../side.ts';
import type { PeakRequest } from './peak-worker.ts';
import type { PrepareTask, Task } from './task.ts';

const ACCUMULATORS = 12;
const LANES = 4;
/** In portions: the engine compiles well what is called often, not what runs long. */
const TURNS = 100_000;
const CALLS = 100;

/** Nothing but fused multiply-adds on registers: no kernel in WebAssembly can be faster. Twelve chains hide the latency. */
function source(fused: boolean): string {
  const names = Array.from({ length: ACCUMULATORS }, (_, i) => `c${i}`);
  const step = (c: string): string =>
    fused ? `${c} = f32x4.relaxed_madd(a, b, ${c});` : `${c} = f32x4.add(f32x4.mul(a, b), ${c});`;
  // The factors are arguments: constants would be made anew in every turn.
  return `export function turns(count: i32, x: f32, y: f32): f32 {
  const a = f32x4.splat(x), b = f32x4.splat(y);
  let ${names.map((c, i) => `${c} = f32x4.splat(${i})`).join(', ')};
  for (; count > 0; --count) { ${names.map(step).join(' ')} }
  return f32x4.extract_lane(${names.reduce((sum, c) => `f32x4.add(${sum}, ${c})`)}, 0);
}`;
}

async function compile(fused: boolean): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const flags = ['--runtime', 'stub', '-O3', '--enable', 'simd', '--enable', 'relaxed-simd', '--outFile', 'peak.wasm'];
  const { error } = await asc.main(['peak.ts', ...flags], {
    readFile: (name) => (name.endsWith('peak.ts') ? source(fused) : null),
    writeFile: (name, contents) => {
      if (name.endsWith('.wasm')) binary = contents as Uint8Array;
    },
  });
  if (error !== null || binary === undefined)
    throw new Error('The loop of multiply-adds did not compile.', { cause: error });
  return binary;
}

/** The machine's peak in WebAssembly: the loop on as many threads as everything else. */
export const webAssemblyPeak: PrepareTask = async () => {
  const fused = hasRelaxedSimd();
  const workerData = await compile(fused);
  const workers = Array.from(
    { length: THREADS },
    () => new Worker(new URL('./peak-worker.ts', import.meta.url), { workerData }),
  );
  const once = (worker: Worker) =>
    new Promise((resolve, reject) => {
      worker
        .once('message', resolve)
        .once('error', reject)
        .postMessage({ turns: TURNS, calls: CALLS } satisfies PeakRequest);
    });
  return {
    version: `Node ${process.versions.node}`,
    note: fused ? 'fused multiply-add, 128 bits' : 'multiply and add, 128 bits',
    ...withoutAnswer,
    run: async () => {
      await Promise.all(workers.map(once));
      return { operations: 2 * ACCUMULATORS * LANES * TURNS * CALLS * THREADS };
    },
  };
};

/** The machine's peak for native programs: the same loop in C with the widest vectors of this processor. */
export const nativePeak: PrepareTask = async () => {
  const folder = join(cacheFolder(), 'peers');
  mkdirSync(folder, { recursive: true });
  const program = join(folder, 'peak');
  const text = fileURLToPath(new URL('../native/peak.c', import.meta.url));
  if (!existsSync(program)) {
    const { error, status, stderr } = spawnSync('cc', ['-O3', '-march=native', '-pthread', text, '-o', program], { encoding: 'utf8' }); // prettier-ignore
    if (error !== undefined || status !== 0)
      throw new Error(`There is no C compiler that works: ${error?.message ?? stderr}`);
  }
  const measure = (): { operations: number; cpuSeconds: number; bits: number } => {
    const { stdout } = spawnSync(program, [String(THREADS)], { encoding: 'utf8' });
    return JSON.parse(stdout) as { operations: number; cpuSeconds: number; bits: number };
  };
  return {
    version: 'C',
    note: `fused multiply-add, ${measure().bits} bits`,
    ...withoutAnswer,
    run: async () => measure(),
  };
};

const withoutAnswer: Pick<Task, 'answer'> = { answer: async () => ({}) };
