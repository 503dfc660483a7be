import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { save } from '../save.ts';
import { number, verdictsText } from '../table.ts';
import type { Program } from './program.ts';
import { watch } from './watched-process.ts';

const SIZES = { volumes: 40, slices: 8, coils: 8, size: 320 };
const THREADS = 2;
const MINUTES = 2;
const commandLine = fileURLToPath(new URL('../../../main/cli/index.ts', import.meta.url));

/** The embedded data set as the command writes it, once. */
export const phantom: Program = {
  name: 'phantom',
  title: `The phantom: ${SIZES.volumes} volumes × ${SIZES.slices} slices × ${SIZES.coils} coils × ${SIZES.size} × ${SIZES.size} on ${THREADS} threads`,
  run: async ({ keep, say }) => {
    const folder = mkdtempSync(join(tmpdir(), 'isochromat-bench-'));
    const load = loadavg()[0]!;
    try {
      const flags = Object.entries({ ...SIZES, threads: THREADS }).flatMap(([name, n]) => [`--${name}`, String(n)]);
      const args = [commandLine, 'phantom', join(folder, 'phantom'), '--json', ...flags];
      const { seconds, peakBytes } = await watch(process.execPath, args, folder);
      const minutes = seconds / 60;
      const verdicts = [
        { work: 'phantom', target: `≤ ${MINUTES} minutes`, reached: number(minutes), met: minutes <= MINUTES },
      ];
      say(`\n${phantom.title}\n${verdictsText(verdicts)}\nload average ${number(load)} to ${number(loadavg()[0]!)}`);
      if (keep) say(`kept in ${save('phantom', { seconds, peakBytes, load: [load, loadavg()[0]!] }, new Date())}`);
      return verdicts;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
