import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { writeSafetensors } from '../../../main/formats/safetensors.ts';
import { comparisons } from '../../peers/comparisons/index.ts';
import { OURS, TFJS_NODE } from '../../peers/comparisons/comparison.ts';
import type { Comparison } from '../../peers/comparisons/comparison.ts';
import { Side, THREADS } from '../../peers/side.ts';
import { save } from '../save.ts';
import { number, textTable } from '../table.ts';
import type { KernelTime } from './kernel-times.ts';
import type { Program } from './program.ts';

interface Profile {
  seconds: number;
  lines: KernelTime[];
}

const script = fileURLToPath(new URL('./profile-process.ts', import.meta.url));
const hook = fileURLToPath(new URL('../../peers/stock-operations-hook.ts', import.meta.url));
const SHOWN = 24;

async function profile(
  comparison: Comparison,
  input: string,
  side: string,
  level: string,
  steps: number,
): Promise<Profile> {
  const { task, settings, stockOperations } = comparison.sides.find(({ name }) => name === side)!;
  const args = [script, task, input, JSON.stringify({ ...comparison.settings, ...settings }), String(steps), level];
  const before = stockOperations === true ? ['--import', hook] : [];
  const options = { maxBuffer: 2 ** 26, env: { ...process.env, TF_NUM_INTRAOP_THREADS: String(THREADS) } };
  const { stdout } = await promisify(execFile)(process.execPath, [...before, ...args], options);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Profile;
}

/** Speed of the pure multiply-add loop, in GFLOP/s. */
async function peak(task: string): Promise<number> {
  const { side } = await Side.start({ name: 'peak', program: 'node', task }, '', {});
  try {
    await side.run(1);
    const { seconds, operations } = await side.run(3);
    return operations! / seconds / 1e9;
  } finally {
    await side.close();
  }
}

function table({ seconds, lines }: Profile, ceiling: number | null): string {
  const rows = lines.slice(0, SHOWN).map(({ name, calls, seconds: own, operations }) => {
    const speed = operations / own / 1e9;
    const product = operations > 0 && ceiling !== null;
    return [
      name,
      number(calls),
      number(1000 * own),
      percent(own / seconds),
      product ? number(speed) : '',
      product ? percent(speed / ceiling!) : '',
    ];
  });
  const others = lines.slice(SHOWN).reduce((sum, { seconds: own }) => sum + own, 0);
  const outside = seconds - lines.reduce((sum, { seconds: own }) => sum + own, 0);
  const rest = (name: string, value: number): string[] => [name, '', number(1000 * value), percent(value / seconds), '', '']; // prettier-ignore
  return textTable([
    ['', 'calls a step', 'ms a step', 'share', 'GFLOP/s', 'of peak'],
    ...rows,
    ...(others > 0 ? [rest('all others', others)] : []),
    rest('between kernels (TensorFlow.js, data)', outside),
    rest('whole step', seconds),
  ]);
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function profileOf(comparison: Comparison): Program {
  const name = `profile-${comparison.name}`;
  const title = `Where the time goes: ${comparison.title}`;
  return {
    name,
    title,
    beside: true,
    run: async ({ rounds, keep, say }) => {
      const folder = mkdtempSync(join(tmpdir(), 'isochromat-bench-'));
      try {
        const input = join(folder, 'input.safetensors');
        await writeSafetensors(input, (await comparison.inputs(folder)).arrays);
        const [webAssembly, native] = [await peak('webassembly-peak'), await peak('native-peak')];
        const load = loadavg()[0]!;
        say(`\n${title}\nload average ${number(load)}; peak ${number(webAssembly)} GFLOP/s in WebAssembly, ${number(native)} native; convolutions count the operations of the plain sum`); // prettier-ignore
        const before = await profile(comparison, input, TFJS_NODE, 'operations', rounds);
        say(
          `\nBefore, by operation: stock TensorFlow.js operations on TensorFlow's C library\n${table(before, native)}`,
        );
        const now = await profile(comparison, input, OURS, 'operations', rounds);
        say(`\nNow, by operation\n${table(now, webAssembly)}`);
        const kernels = await profile(comparison, input, OURS, 'kernels', rounds);
        say(`\nNow, by WebAssembly kernel (operations are then what JavaScript adds to them)\n${table(kernels, null)}`);
        if (keep) say(`kept in ${save(name, { title, load, peak: { webAssembly, native }, before, now, kernels }, new Date())}`); // prettier-ignore
        return [];
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** One for every training step and every sampling that is compared. */
export const profiles: readonly Program[] = comparisons
  .filter(({ name }) => /-(training|sampling)-/.test(name))
  .map(profileOf);
