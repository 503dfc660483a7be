import { Command, CommanderError } from 'commander';
import { VERSION } from '../domain/version.ts';

const program = new Command('isochromat')
  .description('Complex-valued brain MRI: reconstruct, patch, synthesise, evaluate, score. Research use only.')
  .version(VERSION)
  .showHelpAfterError('(add --help for what the command takes)');

const commands: (() => Promise<Command>)[] = [];

for (const load of commands) program.addCommand(await load());
for (const each of [program, ...program.commands.flatMap((c) => [c, ...c.commands])]) each.exitOverride();

try {
  await program.parseAsync();
} catch (thrown) {
  if (!(thrown instanceof CommanderError)) throw thrown;
  process.exitCode = thrown.exitCode === 0 ? 0 : 2;
}
