import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { save } from '../save.ts';
import { spreadOf } from '../statistics.ts';
import { number, textTable, verdictsText } from '../table.ts';
import type { Program } from './program.ts';
import { watch } from './watched-process.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const root = here('../../..');

/** The last version before anything was made fast. */
const BEFORE = '8bab24ce4b49b128b4797cc21869defa32cbc1e2';
const VOLUMES = 40;
const STAGES = ['phantom', 'import', 'patches'] as const;

interface Run {
  seconds: Record<string, number>;
  total: number;
  peakBytes: number | null;
}

/** From the phantom's k-space to patches, beside the same by the code as it was. */
export const patches: Program = {
  name: 'patches',
  title: `Phantom to patches, ${VOLUMES} volumes of 4 slices, beside the version before this work`,
  run: async ({ rounds, keep, say }) => {
    const folder = mkdtempSync(join(tmpdir(), 'isochromat-bench-'));
    try {
      const roots = { now: root, before: checkOut(folder) };
      const runs: Record<keyof typeof roots, Run[]> = { now: [], before: [] };
      const load: number[] = [];
      for (let round = 0; round < runsIn(rounds); round++) {
        load.push(loadavg()[0]!);
        for (const version of ['now', 'before'] as const) {
          runs[version].push(await once(roots[version], join(folder, `${version}-${round}`)));
        }
      }
      const total = (version: Run[]) => spreadOf(version.map((run) => run.total));
      const ratio = spreadOf(runs.before.map((run, i) => run.total / runs.now[i]!.total));
      const row = (name: string, version: Run[]): string[] => [
        name,
        ...STAGES.map((stage) => number(spreadOf(version.map(({ seconds }) => seconds[stage]!)).median)),
        number(total(version).median),
        `${number(total(version).lowerQuartile)}–${number(total(version).upperQuartile)}`,
        `${Math.round(Math.max(...version.map(({ peakBytes }) => peakBytes ?? 0)) / 2 ** 20)} MiB`,
      ];
      say(`\n${patches.title}`);
      say(textTable([['seconds', ...STAGES, 'all', 'quartiles', 'memory'], row('now', runs.now), row('before', runs.before)])); // prettier-ignore
      const reached = `${number(ratio.median)} (${number(ratio.lowerQuartile)}–${number(ratio.upperQuartile)})`;
      const verdicts = [{ work: 'patches', target: '≥ 2 × before', reached, met: ratio.median >= 2 }];
      say(verdictsText(verdicts));
      say(`load average ${load.map(number).join(', ')}`);
      if (keep) say(`kept in ${save('patches', { before: BEFORE, runs, ratio, load }, new Date())}`);
      return verdicts;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** These runs are long: one for every three rounds of other benchmarks. */
const runsIn = (rounds: number): number => Math.max(1, Math.min(3, Math.floor(rounds / 3)));

async function once(of: string, folder: string): Promise<Run> {
  mkdirSync(folder);
  const script = here('./patches-process.ts');
  const { output, peakBytes } = await watch(process.execPath, [script, of, folder, String(VOLUMES)], of);
  rmSync(folder, { recursive: true, force: true });
  const seconds = JSON.parse(output.trim().split('\n').at(-1)!) as Record<string, number>;
  return { seconds, total: STAGES.reduce((sum, stage) => sum + seconds[stage]!, 0), peakBytes };
}

/** The old version in a folder of its own, with the packages of this one. */
function checkOut(folder: string): string {
  const old = join(folder, 'before');
  const archive = join(folder, 'before.tar');
  mkdirSync(old);
  execFileSync('git', ['archive', '--output', archive, BEFORE], { cwd: root });
  execFileSync('tar', ['-x', '-f', archive, '-C', old]);
  symlinkSync(join(root, 'node_modules'), join(old, 'node_modules'));
  if (existsSync(join(old, 'scripts', 'build-wasm.ts'))) {
    execFileSync(process.execPath, [join(old, 'scripts', 'build-wasm.ts')], { cwd: old });
  }
  return old;
}
