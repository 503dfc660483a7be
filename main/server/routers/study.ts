import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { emptyTrash, patchTable, trashContent, verifyStudy, volumeTable } from '../../study/index.ts';
import type { Study } from '../../study/index.ts';
import type { EngineState } from '../engine-state.ts';
import { plainName } from '../plain-name.ts';
import { itemId } from '../item-id.ts';
import { pathToken, procedure, router, studyProcedure } from '../trpc.ts';
import type {
  OpenedStudy,
  RecentStudy,
  StudyInfo,
  StudyVerification,
  TaskStarted,
  TaskState,
  VolumeCountRow,
} from '../wire.ts';
import type { PatchCountRow } from '../wire-annotations.ts';

export const studyRouter = router({
  /** The open study, or null. */
  current: procedure.query(({ ctx }): OpenedStudy | null => {
    const { study } = ctx.engine;
    return study === undefined ? null : opened(study, ctx.engine);
  }),

  recent: procedure.query(({ ctx }): RecentStudy[] => ctx.engine.recent.list()),

  forget: procedure.input(z.object({ recent: z.string().max(40) })).mutation(async ({ ctx, input }): Promise<void> => {
    await ctx.engine.recent.forget(input.recent);
  }),

  /** In the folder that was picked; where that holds anything, be it hidden, in a new one inside it that is called like the study. */
  create: procedure
    .input(z.object({ folder: pathToken, name: z.string().trim().min(1).max(120) }))
    .mutation(async ({ ctx, input }): Promise<OpenedStudy> => {
      const picked = ctx.engine.tokens.path(input.folder);
      return opened(await ctx.engine.create(ownFolder(picked, input.name), input.name), ctx.engine);
    }),

  open: procedure
    .input(
      z.union([
        z.object({ folder: pathToken, readOnly: z.boolean().optional() }),
        z.object({ recent: z.string().max(40), readOnly: z.boolean().optional() }),
      ]),
    )
    .mutation(async ({ ctx, input }): Promise<OpenedStudy> => {
      const folder = 'folder' in input ? ctx.engine.tokens.path(input.folder) : ctx.engine.recent.folder(input.recent);
      return opened(await ctx.engine.open(folder, { readOnly: input.readOnly === true }), ctx.engine);
    }),

  close: procedure.mutation(async ({ ctx }): Promise<void> => {
    await ctx.engine.close();
  }),

  info: studyProcedure.query(({ ctx: { study, engine } }): StudyInfo => ({
    ...opened(study, engine),
    volumes: volumeCounts(study),
    patchSets: study.patchSets.list().length,
    runs: study.runs.list().map(({ id, kind, preset, status, created }) => ({
      id,
      kind,
      preset,
      status,
      created,
      checkpoints: study.checkpoints.list(id).length,
    })),
    syntheticSets: study.synthetic.list().length,
    experiments: study.experiments.list().map(({ id, kind, created }) => ({ id, kind, created })),
    trash: trashContent(study),
  })),

  /** Table 1 of a patch set, the newest where none is named; empty where there is none. */
  table: studyProcedure
    .input(z.object({ patchSet: itemId.optional() }))
    .query(({ ctx: { study }, input }): { patchSet: string | null; cells: PatchCountRow[] } => {
      const patchSet = input.patchSet ?? study.patchSets.latest()?.id ?? null;
      return { patchSet, cells: patchSet === null ? [] : patchCounts(study, patchSet) };
    }),

  /** Volumes by purpose × class × sequence. */
  volumeTable: studyProcedure.query(({ ctx: { study } }): VolumeCountRow[] => volumeCounts(study)),

  /** Checks every file. Takes as long as reading the study does; progress comes as events. */
  verify: studyProcedure.mutation(({ ctx: { study, engine } }): TaskStarted =>
    engine.tasks.start('verification', async (context): Promise<StudyVerification> => {
      const { ok, problems, items, files, bytes } = await verifyStudy(study, context);
      return {
        ok,
        items,
        files,
        bytes,
        problems: problems.map(({ code, item, sentence }) => ({ code, item, sentence })),
      };
    }),
  ),

  verification: procedure
    .input(z.object({ task: z.string().max(80) }))
    .query(({ ctx, input }): TaskState<StudyVerification> => ctx.engine.tasks.get('verification', input.task)),

  /** Removes what is in the trash for good. */
  emptyTrash: studyProcedure.mutation(({ ctx: { study, engine } }): { entries: number; bytes: number } => {
    const content = emptyTrash(study);
    engine.changed();
    return content;
  }),
});

function opened(study: Study, { heldBy }: EngineState): OpenedStudy {
  const { id, name, created, readOnly, recovery } = study;
  const { removed, movedToTrash, interruptedRuns, missing } = recovery;
  const counted = { removed: removed.length, movedToTrash: movedToTrash.length, interruptedRuns, missing };
  return { id, name, created, readOnly, heldSince: heldBy?.since ?? null, recovery: counted };
}

function volumeCounts(study: Study): VolumeCountRow[] {
  return volumeTable(study).map(({ tissue: tissueClass, ...rest }) => ({ ...rest, tissueClass }));
}

export function patchCounts(study: Study, patchSet: string): PatchCountRow[] {
  return patchTable(study, patchSet).map(({ tissue: tissueClass, ...rest }) => ({ ...rest, tissueClass }));
}

function ownFolder(picked: string, study: string): string {
  const content = readdirSync(picked);
  // A study in the very place is named as the reason, and does not get another one inside.
  if (content.length === 0 || content.includes('study.json')) return picked;
  const name = plainName(study);
  for (let n = 1; ; n++) {
    const folder = join(picked, n === 1 ? name : `${name}-${n}`);
    if (!existsSync(folder)) return folder;
  }
}
