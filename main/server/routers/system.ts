import { availableParallelism, cpus, totalmem } from 'node:os';
import { z } from 'zod';
import { runDoctor } from '../../compute/doctor.ts';
import { VERSION } from '../../domain/version.ts';
import { IsochromatError } from '../../domain/errors.ts';
import { changed, MOST_SESSION_BYTES, SETTINGS_CHANGE, withSession } from '../settings.ts';
import type { Settings } from '../settings.ts';
import { procedure, router } from '../trpc.ts';
import type { DoctorShown, Machine, TaskStarted, TaskState, Versions } from '../wire.ts';

const sessionKey = z
  .string()
  .max(80)
  .regex(/^[\w-]+$/);

export const systemRouter = router({
  versions: procedure.query((): Versions => ({
    isochromat: VERSION,
    node: process.versions.node,
    v8: process.versions.v8,
    sqlite: process.versions['sqlite'] ?? '',
    platform: `${process.platform} ${process.arch}`,
  })),

  /** The mode in which the engine runs: without a shell there are no native dialogs. */
  mode: procedure.query(({ ctx }): 'desktop' | 'browser' => ctx.engine.mode),

  machine: procedure.query(({ ctx: { engine } }): Machine => ({
    processor: cpus()[0]?.model.trim() ?? '',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    backend: engine.computing?.backend ?? null,
    device: engine.computing?.device ?? null,
  })),

  /** Tries every backend, each in a process of its own; takes up to a minute. */
  doctor: procedure.mutation(({ ctx: { engine } }): TaskStarted =>
    engine.tasks.start('doctor', async ({ onProgress }): Promise<DoctorShown> => {
      const { cacheFolder: _, ...report } = await runDoctor({ log: (stage) => onProgress({ stage, done: 0 }) });
      const chosen = report.backends.find((backend) => backend.chosen);
      engine.computing = chosen === undefined ? undefined : { backend: chosen.name, device: chosen.device };
      return report;
    }),
  ),

  diagnosis: procedure
    .input(z.object({ task: z.string().max(80) }))
    .query(({ ctx, input }): TaskState<DoctorShown> => ctx.engine.tasks.get('doctor', input.task)),

  settings: procedure.query(({ ctx }): Settings => ctx.engine.settings.read()),

  changeSettings: procedure
    .input(SETTINGS_CHANGE)
    .mutation(({ ctx, input }): Promise<Settings> => ctx.engine.settings.change((now) => changed(now, input))),

  /** What the window remembered: of a study by its id, or of the program as a whole under a word of its own. */
  session: procedure
    .input(z.object({ key: sessionKey }))
    .query(({ ctx, input }): unknown => ctx.engine.sessions.read()[input.key]?.state ?? null),

  keepSession: procedure
    .input(z.object({ key: sessionKey, state: z.json() }))
    .mutation(async ({ ctx, input }): Promise<void> => {
      if (JSON.stringify(input.state).length > MOST_SESSION_BYTES) {
        throw new IsochromatError({
          code: 'session-too-large',
          sentence: 'The window remembers too much.',
          expected: `at most ${MOST_SESSION_BYTES} bytes`,
        });
      }
      await ctx.engine.sessions.change((now) => withSession(now, input.key, input.state, new Date()));
    }),

  cancelTask: procedure.input(z.object({ task: z.string().max(80) })).mutation(({ ctx, input }): void => {
    ctx.engine.tasks.cancel(input.task);
  }),
});
