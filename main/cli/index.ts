import { Command, CommanderError } from 'commander';
import { VERSION } from '../domain/version.ts';

/** Every command in its own file, loaded only when it is the one that was asked for. */
const COMMANDS: Record<string, () => Promise<Command>> = {
  demo: async () => (await import('./demo.ts')).demoCommand(),
  phantom: async () => (await import('./phantom.ts')).phantomCommand(),
  inspect: async () => (await import('./inspect.ts')).inspectCommand(),
  recon: async () => (await import('./recon.ts')).reconCommand(),
  study: async () => (await import('./study.ts')).studyCommand(),
  import: async () => (await import('./import.ts')).importCommand(),
  annotate: async () => (await import('./annotate.ts')).annotateCommand(),
  labels: async () => (await import('./labels.ts')).labelsCommand(),
  patches: async () => (await import('./patches.ts')).patchesCommand(),
  train: async () => (await import('./train.ts')).trainCommand(),
  generate: async () => (await import('./generate.ts')).generateCommand(),
  evaluate: async () => (await import('./evaluate.ts')).evaluateCommand(),
  score: async () => (await import('./score.ts')).scoreCommand(),
  report: async () => (await import('./report.ts')).reportCommand(),
  compare: async () => (await import('./compare.ts')).compareCommand(),
  roc: async () => (await import('./roc.ts')).rocCommand(),
  serve: async () => (await import('./serve.ts')).serveCommand(),
  doctor: async () => (await import('./doctor.ts')).doctorCommand(),
};

const program = new Command('isochromat')
  .description('Complex-valued brain MRI: reconstruct, patch, synthesise, evaluate, score. Research use only.')
  .version(VERSION)
  .showHelpAfterError('(add --help for what the command takes)');

const asked = COMMANDS[process.argv[2] ?? ''];
for (const load of asked === undefined ? Object.values(COMMANDS) : [asked]) program.addCommand(await load());
for (const each of [program, ...program.commands.flatMap((c) => [c, ...c.commands])]) {
  each.exitOverride().showHelpAfterError('(add --help for what the command takes)');
}

try {
  await program.parseAsync();
} catch (thrown) {
  if (!(thrown instanceof CommanderError)) throw thrown;
  process.exitCode = thrown.exitCode === 0 || thrown.code === 'commander.help' ? 0 : 2;
}
