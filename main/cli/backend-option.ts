import type { Command } from 'commander';
import { chooseBackend } from '../compute/backend.ts';
import type { ModelWork } from '../jobs/work.ts';
import type { CliContext } from './command.ts';

/** Adds `--backend` to a command that computes with models. */
export function withBackend(command: Command): Command {
  return command.option('--backend <name>', 'compute on this backend instead of the best that works (see doctor)');
}

/** Starts the backend and says on which device work will run. */
export async function onBackend(options: { backend?: string }, context: CliContext): Promise<ModelWork> {
  const { backend, device } = await chooseBackend({
    ...(options.backend === undefined ? {} : { override: options.backend }),
    log: (message) => context.log(message),
  });
  context.log(`computing on ${backend}`, { device });
  return { ...context, on: { backend, device } };
}
