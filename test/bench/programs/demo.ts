import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { save } from '../save.ts';
import { number, verdictsText } from '../table.ts';
import type { Program } from './program.ts';
import { watch } from './watched-process.ts';

const MINUTES = 5;
const GIBIBYTES = 2;
const commandLine = fileURLToPath(new URL('../../../main/cli/index.ts', import.meta.url));

/** The whole demo as a user starts it, once. */
export const demo: Program = {
  name: 'demo',
  title: `The whole demo: at most ${MINUTES} minutes and ${GIBIBYTES} GiB`,
  run: async ({ keep, say }) => {
    const folder = mkdtempSync(join(tmpdir(), 'isochromat-bench-'));
    const load = loadavg()[0]!;
    try {
      const args = [commandLine, 'demo', '--json', '--backend', 'cpu-simd', '--study', join(folder, 'study')];
      const { seconds, peakBytes } = await watch(process.execPath, args, folder);
      const minutes = seconds / 60;
      const gibibytes = peakBytes === null ? null : peakBytes / 2 ** 30;
      const verdicts = [
        { work: 'demo', target: `≤ ${MINUTES} minutes`, reached: number(minutes), met: minutes <= MINUTES },
        ...(gibibytes === null
          ? []
          : [{ work: 'demo', target: `≤ ${GIBIBYTES} GiB`, reached: number(gibibytes), met: gibibytes <= GIBIBYTES }]),
      ];
      say(`\n${demo.title}\n${verdictsText(verdicts)}`);
      say(`load average ${number(load)} to ${number(loadavg()[0]!)}`);
      if (keep) say(`kept in ${save('demo', { seconds, peakBytes, load: [load, loadavg()[0]!] }, new Date())}`);
      return verdicts;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
