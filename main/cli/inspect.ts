import type { Command } from 'commander';
import { SEQUENCES } from '../domain/sequences.ts';
import type { Sequence } from '../domain/sequences.ts';
import { inspectPaths } from '../jobs/inspect.ts';
import { action, command, oneOf, wholeNumber } from './command.ts';
import { inspectionText } from './inspect-text.ts';

/** `inspect PATH…` */
export function inspectCommand(): Command {
  return command('inspect', 'say what files and folders hold, and what would be refused and why; writes nothing')
    .argument('<paths...>', 'files, or folders with any mixture of files')
    .option('--sequence <name>', 'the sequence that they count as, whatever the files say', oneOf(SEQUENCES))
    .option('--threads <n>', 'files read at a time (default: one a core)', wholeNumber(1, 256))
    .action(
      action<{ sequence?: Sequence; threads?: number }>(async (paths, { sequence, threads }, context) => {
        const options = {
          ...(sequence === undefined ? {} : { sequence }),
          ...(threads === undefined ? {} : { threads }),
        };
        const value = await inspectPaths(paths, options, context);
        return { value, text: inspectionText(value), failed: value.volumes.length === 0 };
      }),
    );
}
