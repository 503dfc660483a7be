import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { IsochromatError } from '../domain/errors.ts';
import { DEMO_MINUTES, planDemo } from '../jobs/demo-plan.ts';
import { demoJob } from '../jobs/demo.ts';
import { createStudy, openStudy } from '../study/index.ts';
import { onBackend, withBackend } from './backend-option.ts';
import { action, command, decimal, wholeNumber } from './command.ts';
import { duration } from './progress.ts';

interface DemoOptions {
  study?: string;
  minutes: number;
  seed: number;
  include: string[];
  backend?: string;
}

/** `demo [--study DIR] [--minutes N] [--include FILE]` */
export function demoCommand(): Command {
  return withBackend(command('demo', 'the whole method on the embedded dataset, end to end, ending in a report'))
    .option('--study <dir>', 'folder of the study; an interrupted demo goes on in its own (default: isochromat-demo)')
    .option('--minutes <n>', 'time to take, at least about one minute', decimal(0.5, 10_000), DEMO_MINUTES)
    .option('--seed <n>', 'seed of everything random', wholeNumber(0), 1)
    .option('--include <file>', 'a real acquisition (fastMRI HDF5) to treat with it; may be repeated', collect, [])
    .action(
      action<DemoOptions>(async (_, options, context) => {
        const started = performance.now();
        const include = options.include.map((file) => requireFile(resolve(file)));
        const folder = resolve(options.study ?? freeFolder('isochromat-demo'));
        const { on } = await onBackend(options, context);
        const known = existsSync(folder) && existsSync(resolve(folder, 'study.json'));
        const study = known ? await openStudy(folder) : await createStudy(folder, { name: 'Demo: numerical phantom' });
        try {
          const { report } = await demoJob(
            study,
            {
              plan: planDemo(options.minutes, options.seed),
              seconds: 60 * options.minutes,
              phantomFolder: `${folder}-phantom`,
              reportFolder: `${folder}-report`,
              include,
              now: () => new Date(),
            },
            on,
            context,
          );
          const seconds = (performance.now() - started) / 1000;
          return {
            value: { report, study: folder, seconds, ...on },
            text: `Done in ${duration(seconds)} on ${on.backend}.\nStudy:  ${folder}\nReport: ${report}`,
          };
        } catch (thrown) {
          if (context.signal.aborted) {
            process.stderr.write(`What is done is kept. Go on with: npm run demo -- --study ${folder}\n`);
          }
          throw thrown;
        } finally {
          study.close();
        }
      }),
    );
}

function collect(file: string, all: string[]): string[] {
  return [...all, file];
}

function freeFolder(name: string): string {
  for (let n = 1; ; n++) {
    const folder = n === 1 ? name : `${name}-${n}`;
    if (!existsSync(folder)) return folder;
  }
}

function requireFile(file: string): string {
  if (existsSync(file)) return file;
  throw new IsochromatError({ code: 'file-not-found', sentence: 'There is no such file.', subject: file });
}
