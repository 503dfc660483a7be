import { loadavg } from 'node:os';
import { LoadedEngine } from '../../server/load/loaded-engine.ts';
import type { Waiting } from '../../server/load/loaded-engine.ts';
import { save } from '../save.ts';
import { number, textTable, verdictsText } from '../table.ts';
import type { Program } from './program.ts';

const REQUESTS = 10_000;
const IN_FLIGHT = 200;
const MOST_MS = 100;
/** In MiB, over all requests: a leak of a kilobyte each would be 10. */
const MOST_GROWTH = 32;

/**
 * The engine under load, as a shell or a browser puts it there: 200 connections to its socket, each with one request on its way, from a
 * process of its own. Thumbnails, display copies of slices (205 kB each) and patches (295 kB for four), all asked for before, so that they
 * are in memory. A bare server that sends 205 kB says what the machine gives.
 */
export const load: Program = {
  name: 'load',
  title: `The engine under load: ${IN_FLIGHT} requests in flight, ${REQUESTS} in all, p99 at most ${MOST_MS} ms beside two jobs`,
  run: async ({ keep, say }) => {
    const loaded = await LoadedEngine.start();
    const loads = [loadavg()[0]!];
    try {
      const warm = await loaded.ask(REQUESTS, IN_FLIGHT);
      const alone = await loaded.ask(REQUESTS, IN_FLIGHT);
      const plainAlone = await loaded.askPlainServer(REQUESTS, IN_FLIGHT);
      const beside = await loaded.besideJobs(async () => {
        await loaded.ask(REQUESTS / 5, IN_FLIGHT);
        const before = loaded.residentBytes;
        const ours = await loaded.ask(REQUESTS, IN_FLIGHT);
        const growth = loaded.residentBytes - before;
        return { ours, growth, plain: await loaded.askPlainServer(REQUESTS, IN_FLIGHT) };
      });
      loads.push(loadavg()[0]!);
      const line = (name: string, { p50, p99, rate }: Waiting): string[] => [name, number(p50), number(p99), number(rate)]; // prettier-ignore
      const grown = beside.growth / 2 ** 20;
      const verdicts = [
        {
          work: 'load',
          target: `p99 ≤ ${MOST_MS} ms`,
          reached: number(beside.ours.p99),
          met: beside.ours.p99 <= MOST_MS,
        },
        { work: 'load', target: `grows ≤ ${MOST_GROWTH} MiB`, reached: number(grown), met: grown <= MOST_GROWTH },
      ];
      say(`\n${load.title}`);
      say(
        textTable([
          ['', 'p50 ms', 'p99 ms', 'requests/s'],
          line('first time, nothing in memory', warm),
          line('no job', alone),
          line('a bare server, no job', plainAlone),
          line('beside two jobs', beside.ours),
          line('a bare server, beside two jobs', beside.plain),
        ]),
      );
      say(verdictsText(verdicts));
      say(`load average ${number(loads[0]!)} to ${number(loads[1]!)}, the jobs counted`);
      if (keep) say(`kept in ${save('load', { warm, alone, plainAlone, ...beside, load: loads }, new Date())}`);
      return verdicts;
    } finally {
      await loaded.stop();
    }
  },
};
