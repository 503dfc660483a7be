import { readFile } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { z } from 'zod';
import { IsochromatError } from '../../domain/errors.ts';
import { JOB_PARAMETERS } from '../../jobs/kinds.ts';
import type { JobInput, JobKind } from '../../jobs/kinds.ts';
import type { JobRecord, LogLine } from '../../jobs/queue/index.ts';
import { plainName } from '../plain-name.ts';
import { pathsFromTokens } from '../job-paths.ts';
import { router, studyProcedure } from '../trpc.ts';

const id = z
  .string()
  .max(80)
  .regex(/^[\w-]+$/);
const priority = z.number().int().min(-100).max(100);

function request<K extends JobKind>(kind: K) {
  return z.object({ kind: z.literal(kind), parameters: JOB_PARAMETERS[kind], priority: priority.optional() });
}

/** What each kind is told; wherever the parameters have paths, the window gives tokens. */
const submission = z.discriminatedUnion('kind', [
  request('demo'),
  request('import'),
  request('annotate'),
  request('patches'),
  request('train'),
  request('generate'),
  request('evaluate'),
  request('score'),
  request('report'),
  request('export'),
]);

export const jobsRouter = router({
  /** Those that run, those that wait in their order, and the others, last ended first. */
  list: studyProcedure.query(({ ctx: { engine } }): JobRecord[] => engine.requireQueue().list()),

  get: studyProcedure
    .input(z.object({ id }))
    .query(({ ctx: { engine }, input }): JobRecord => engine.requireQueue().get(input.id)),

  submit: studyProcedure.input(submission).mutation(({ ctx: { engine }, input }): JobRecord => {
    const { kind, parameters, priority: chosen } = input;
    const given = pathsFromTokens(engine.tokens, kind, parameters);
    return engine.requireQueue().submit(kind, given as JobInput, chosen === undefined ? {} : { priority: chosen });
  }),

  cancel: studyProcedure
    .input(z.object({ id }))
    .mutation(({ ctx: { engine }, input }): JobRecord => engine.requireQueue().cancel(input.id)),

  /** Once more, from the beginning. */
  retry: studyProcedure
    .input(z.object({ id }))
    .mutation(({ ctx: { engine }, input }): JobRecord => engine.requireQueue().retry(input.id)),

  /** Goes on from what is kept. */
  resume: studyProcedure
    .input(z.object({ id }))
    .mutation(({ ctx: { engine }, input }): JobRecord => engine.requireQueue().resume(input.id)),

  /** Moves a queued job before another, or to the end where none is named. */
  reorder: studyProcedure
    .input(z.object({ id, before: id.nullable().optional(), priority: priority.optional() }))
    .mutation(({ ctx: { engine }, input: { id: job, before, priority: chosen } }): JobRecord =>
      engine.requireQueue().reorder(job, {
        before: before ?? null,
        ...(chosen === undefined ? {} : { priority: chosen }),
      }),
    ),

  /** Forgets a job that is over; what it made stays. */
  remove: studyProcedure.input(z.object({ id })).mutation(({ ctx: { engine }, input }): void => {
    engine.requireQueue().remove(input.id);
  }),

  /** The report that a job wrote, an HTML page that needs nothing else. */
  report: studyProcedure
    .input(z.object({ id }))
    .query(async ({ ctx: { engine, study }, input }): Promise<{ name: string; html: string }> => {
      const job = engine.requireQueue().get(input.id);
      const link = job.outcome?.links?.['report'];
      const path = link === undefined ? undefined : resolve(study.folder, link);
      const html = path?.startsWith(study.folder + sep)
        ? await readFile(path, 'utf8').catch(() => undefined)
        : undefined;
      if (html !== undefined) return { name: `${plainName(study.name)}-report.html`, html };
      throw new IsochromatError({
        code: 'no-report',
        sentence: 'This report is not in the study any more.',
        remedy: 'Write it again with "isochromat report".',
      });
    }),

  log: studyProcedure
    .input(z.object({ id, from: z.number().int().min(0).default(0) }))
    .query(({ ctx: { engine }, input }): { lines: LogLine[]; next: number } =>
      engine.requireQueue().log(input.id, input.from),
    ),

  /** What a job said that may hold names of files; known until the engine ends. To be shown and not kept. */
  details: studyProcedure
    .input(z.object({ id }))
    .query(({ ctx: { engine }, input }): unknown => engine.requireQueue().details(input.id)),
});
