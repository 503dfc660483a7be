// Reads one file after another for the fuzzer, in a process that it may end at any time.
import { IsochromatError } from '../../main/domain/errors.ts';
import { TARGETS } from './targets.ts';

export interface Task {
  target: string;
  path: string;
}

export interface Verdict {
  /** Read, refused in our words, ended as an import would have ended it, or something that nobody foresaw. */
  kind: 'read' | 'refused' | 'ended' | 'unforeseen';
  detail: string;
  /** Of this process, megabytes. */
  memory: number;
}

process.on('disconnect', () => process.exit());
process.on('uncaughtException', (error) => answer('unforeseen', `uncaught: ${error.stack}`));
process.on('unhandledRejection', (error) => answer('unforeseen', `unhandled: ${String(error)}`));
process.on('message', ({ target, path }: Task) => {
  TARGETS[target]!.read(path).then(
    () => answer('read', ''),
    (thrown: unknown) => {
      if (thrown instanceof IsochromatError && thrown.code !== 'internal') answer('refused', thrown.code);
      else answer('unforeseen', thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
    },
  );
});

function answer(kind: Verdict['kind'], detail: string): void {
  const memory = process.resourceUsage().maxRSS / 1024;
  process.send?.({ kind, detail, memory } satisfies Verdict);
}
