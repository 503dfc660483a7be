import { Command, InvalidArgumentError } from 'commander';
import { asIsochromatError } from '../domain/errors.ts';
import type { WorkContext } from '../domain/progress.ts';
import { logFolder, openLog } from '../server/log.ts';
import { openProgress } from './progress.ts';

/** What a command has to say: `value` is the `--json` document, `text` what a person reads. */
export interface Outcome {
  value: unknown;
  text: string;
  /** The command ran, and its answer is no (a study with problems, a batch in which nothing worked): exit code 1. */
  failed?: boolean;
}

export type CliContext = Required<WorkContext>;

/** A command with the options that all share. */
export function command(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--json', 'print the result as one JSON document')
    .option('--quiet', 'show no progress')
    .option('--verbose', 'show the log on standard error');
}

/**
 * Wraps the work of a command: results to standard output, progress and errors to standard error, Ctrl-C cancels
 * (exit 130; a second one ends at once), failures exit 1 with their sentence.
 */
export function action<Options>(
  work: (args: string[], options: Options, context: CliContext) => Promise<Outcome>,
): (...all: unknown[]) => Promise<void> {
  return async (...all) => {
    const self = all.at(-1) as Command;
    const options = self.opts<{ json?: boolean; quiet?: boolean; verbose?: boolean }>();
    const log = openLog(options.verbose === true);
    const progress = openProgress(options.quiet === true);
    const stop = new AbortController();
    const interrupt = (): void => {
      if (stop.signal.aborted) process.exit(130);
      process.stderr.write('\nStopping: keeping what is done. Press Ctrl-C again to end at once.\n');
      stop.abort();
    };
    process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
    const context: CliContext = {
      onProgress: progress.listener,
      signal: stop.signal,
      log: (message, details) => log.info(details ?? {}, message),
    };
    log.info({ command: self.name() }, 'started');
    try {
      const outcome = await work(
        self.processedArgs.flat().filter((a) => a !== undefined) as string[],
        options as Options,
        context,
      );
      progress.stop();
      await print(options.json === true ? JSON.stringify(outcome.value, null, 2) : outcome.text);
      process.exitCode = outcome.failed === true ? 1 : 0;
    } catch (thrown) {
      progress.stop();
      const error = asIsochromatError(thrown);
      log.error({ err: thrown, code: error.code }, 'failed');
      if (options.json === true) await print(JSON.stringify({ error: error.toJSON() }, null, 2));
      process.stderr.write(`${error.message}\n`);
      if (error.code === 'internal') process.stderr.write(`Details are in ${logFolder()}.\n`);
      process.exitCode = stop.signal.aborted || error.code === 'cancelled' ? 130 : error.code === 'usage' ? 2 : 1;
    } finally {
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    }
  };
}

function print(text: string): Promise<void> {
  return new Promise((done) => process.stdout.write(text.endsWith('\n') ? text : `${text}\n`, () => done()));
}

/** Option parser: a whole number in a range. */
export function wholeNumber(low: number, high = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < low || value > high || text.trim() === '') {
      throw new InvalidArgumentError(
        `Give a whole number from ${low}${high < Number.MAX_SAFE_INTEGER ? ` to ${high}` : ''}.`,
      );
    }
    return value;
  };
}

/** Option parser: a number in a range. */
export function decimal(low: number, high = Infinity): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isFinite(value) || value < low || value > high || text.trim() === '') {
      throw new InvalidArgumentError(`Give a number from ${low}${high < Infinity ? ` to ${high}` : ''}.`);
    }
    return value;
  };
}

/** Option parser: one of a list. */
export function oneOf<T extends string>(choices: readonly T[]): (text: string) => T {
  return (text) => {
    const found = choices.find((choice) => choice.toLowerCase() === text.toLowerCase());
    if (found === undefined) throw new InvalidArgumentError(`Choose one of ${choices.join(', ')}.`);
    return found;
  };
}

/** A plain text table; the first row is its head. Numbers are aligned right. */
export function textTable(rows: readonly (readonly (string | number)[])[]): string {
  const cells = rows.map((row) => row.map(String));
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  const numeric = widths.map((_, column) => rows.slice(1).every((row) => typeof row[column] === 'number'));
  return cells
    .map((row) =>
      row
        .map((cell, column) => (numeric[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
