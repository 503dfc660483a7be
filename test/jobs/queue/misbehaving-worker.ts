import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cancelled, IsochromatError } from '../../../main/domain/errors.ts';
import type { JobResult } from '../../../main/jobs/kinds/runner.ts';
import type { WorkContext } from '../../../main/domain/progress.ts';
import { beJobProcess } from '../../../main/jobs/worker-program.ts';
import type { Study } from '../../../main/study/index.ts';

// The real process of a job, with work that does what the test asks for in `site` ("name argument").
beJobProcess(async (study, job, context) => {
  const { site = '' } = job.parameters as { site?: string };
  const [name = '', argument = '0'] = site.split(' ');
  return BEHAVIOURS[name]!(study, Number(argument), context, job.parameters as { paths: string[] });
});

type Behaviour = (
  study: Study,
  argument: number,
  context: WorkContext,
  parameters: { paths: string[] },
) => Promise<JobResult>;

const done = (items: string[] = []): JobResult => ({ outcome: { summary: 'Done.', items } });

const BEHAVIOURS: Record<string, Behaviour> = {
  succeed: async (study, ms, context) => {
    context.onProgress?.({ stage: 'Working', done: 1, total: 1 });
    await sleep(ms);
    study.scores.list();
    return done();
  },
  fail: async (_study, _argument, _context, { paths }) => {
    throw new IsochromatError({ code: 'no-good', sentence: `No good: ${paths[0]}.`, remedy: 'Try another.' });
  },
  'fail-unforeseen': async (_study, _argument, _context, { paths }) => {
    writeFileSync(join(paths[0]!, 'no', 'such', 'folder'), '');
    return done();
  },
  /** Publishes small runs until it is stopped; saves one more when it is. */
  publish: async (study, pause, context) => {
    for (let i = 0; ; i++) {
      const run = await study.runs.start({ kind: 'test', inputs: [], configuration: { i } });
      await study.checkpoints.add(run.id, i, (path) => writeFileSync(path, `checkpoint ${i}`));
      await study.runs.finish(run.id, 'succeeded');
      context.onProgress?.({ stage: 'Publishing', done: i });
      await sleep(pause);
      if (context.signal?.aborted === true) {
        const last = await study.runs.start({ kind: 'last', inputs: [], configuration: { i } });
        await study.runs.finish(last.id, 'cancelled');
        throw cancelled('Publishing');
      }
    }
  },
  /** A run with a checkpoint, and then something bad. */
  'train-and-abort': async (study) => {
    const run = await study.runs.start({ kind: 'autoencoder', inputs: [], configuration: {} });
    await study.checkpoints.add(run.id, 5, (path) => writeFileSync(path, 'checkpoint'));
    await sleep(200);
    process.abort();
  },
  abort: async (_study, ms) => {
    await sleep(ms);
    process.abort();
  },
  loop: async (_study, ms, context) => {
    context.onProgress?.({ stage: 'Looping', done: 0 });
    await sleep(100);
    const end = ms === 0 ? Infinity : performance.now() + ms;
    while (performance.now() < end) Math.sqrt(end);
    return done();
  },
  /** 100 GB, touched page by page. */
  'fill-memory': async () => {
    const blocks: Buffer[] = [];
    for (let i = 0; i < 1600; i++) blocks.push(Buffer.alloc(64 * 2 ** 20, i + 1));
    return done([String(blocks.length)]);
  },
  'fill-heap': async () => {
    const blocks: number[][] = [];
    for (;;) blocks.push(new Array<number>(1e6).fill(blocks.length));
  },
  /** One block that no system gives. */
  'one-block': async () => done([String(new Float64Array(2 ** 50).length)]),
  stubborn: async () => {
    for (;;) await sleep(1000);
  },
  exit: async (_study, code) => process.exit(code),
};
