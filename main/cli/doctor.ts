import type { Command } from 'commander';
import { runDoctor } from '../compute/doctor.ts';
import { action, command, textTable } from './command.ts';

/** `doctor`: what this machine can compute on. */
export function doctorCommand(): Command {
  return command('doctor', 'what this machine can do: every backend tried, the one that is chosen, and why').action(
    action(async (_args, _options, context) => {
      const report = await runDoctor({ log: (message) => context.onProgress({ stage: message, done: 0 }) });
      const { backends, processor, cores, memoryBytes, node, system, cacheFolder } = report;
      const table = textTable([
        ['backend', 'works', 'chosen', 'device', 'GFLOP/s', 'version'],
        ...backends.map(({ name, works, chosen, device, gigaflops, version }) => [
          name,
          works ? 'yes' : 'no',
          chosen ? '←' : '',
          device,
          gigaflops === null ? '' : gigaflops.toFixed(0),
          version,
        ]),
      ]);
      const details = backends.flatMap(({ name, works, reason, remedy, reasoning, fallbackOperations }) => [
        `${name}: ${works ? reasoning : `${reason} ${remedy}`}`,
        ...(fallbackOperations.length > 0 ? [`  in plain JavaScript there: ${fallbackOperations.join(', ')}`] : []),
      ]);
      const machine = `${processor}, ${cores} cores, ${(memoryBytes / 2 ** 30).toFixed(0)} GiB, ${system}, Node ${node}`;
      return {
        value: report,
        text: [machine, '', table, '', ...details, '', `Downloads are kept in ${cacheFolder}.`].join('\n'),
      };
    }),
  );
}
