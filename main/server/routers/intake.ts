import { z } from 'zod';
import { SEQUENCES } from '../../domain/sequences.ts';
import type { JobRecord } from '../../jobs/queue/index.ts';
import { COIL_SLICES } from '../../recon/index.ts';
import { scanIdentities } from '../scan-identities.ts';
import { finishedScan, recogniseScan, scanPaths, scannedVolume } from '../scans.ts';
import type { Scan } from '../scans.ts';
import { pathToken, procedure, router, studyProcedure } from '../trpc.ts';
import type { IdentitiesShown, KnownVolume, ScanResult, TaskStarted, TaskState } from '../wire.ts';

const task = z.string().max(80);
const key = z.string().max(20);

export const intakeRouter = router({
  /** Looks what there is to import below what was picked. Progress comes as events; `system.cancelTask` stops it. */
  inspect: procedure
    .input(z.object({ paths: z.array(pathToken).min(1).max(10_000) }))
    .mutation(({ ctx: { engine }, input }): TaskStarted => {
      const paths = input.paths.map((token) => engine.tokens.path(token));
      return engine.tasks.start('scan', (context): Promise<Scan> => scanPaths(paths, context));
    }),

  found: procedure.input(z.object({ task })).query(({ ctx: { engine }, input }): TaskState<ScanResult> => {
    const state = engine.tasks.get<Scan>('scan', input.task);
    return state.state === 'done' ? { state: 'done', result: state.result.shown } : state;
  }),

  /** Looks which of the found volumes are in the study already. Progress comes as events; `system.cancelTask` stops it. */
  recognise: studyProcedure.input(z.object({ task })).mutation(({ ctx: { engine, study }, input }): TaskStarted => {
    const scan = finishedScan(engine, input.task);
    return engine.tasks.start('recognition', (context) => recogniseScan(study, scan, context));
  }),

  recognised: procedure
    .input(z.object({ task }))
    .query(({ ctx: { engine }, input }): TaskState<KnownVolume[]> =>
      engine.tasks.get<KnownVolume[]>('recognition', input.task),
    ),

  /** Whom some of the found volumes are about, name by name: read anew from their files each time, shown, and kept nowhere. */
  identities: procedure
    .input(z.object({ task, keys: z.array(key).min(1).max(500) }))
    .query(({ ctx: { engine }, input, signal }): Promise<IdentitiesShown> =>
      scanIdentities(finishedScan(engine, input.task), input.keys, signal),
    ),

  /** Lets go of what a scan found, names included. */
  forget: procedure.input(z.object({ task })).mutation(({ ctx: { engine }, input }): void => {
    engine.tasks.discard(input.task);
  }),

  /** Imports volumes that a scan found, with the sequences that the user corrected. */
  import: studyProcedure
    .input(
      z.object({
        task,
        volumes: z
          .array(z.object({ key, sequence: z.enum(SEQUENCES).optional() }))
          .min(1)
          .max(100_000),
        purpose: z.enum(['training', 'external']).default('training'),
        site: z.string().trim().min(1).max(200).optional(),
        acceptUnsure: z.boolean().default(true),
        /** Of which slices of multi-coil k-space the coils are kept. */
        coilSlices: z.enum(COIL_SLICES).default('middle'),
      }),
    )
    .mutation(({ ctx: { engine }, input }): JobRecord => {
      const { site, purpose, acceptUnsure, coilSlices } = input;
      const scan = finishedScan(engine, input.task);
      const volumes = input.volumes.map(({ key, sequence }) => {
        const { files, index } = scannedVolume(scan, key);
        return { files: [...files], index, ...(sequence === undefined ? {} : { sequence }) };
      });
      return engine
        .requireQueue()
        .submit('import', { volumes, purpose, acceptUnsure, coilSlices, ...(site === undefined ? {} : { site }) });
    }),
});
