import { z } from 'zod';
import { SEQUENCES } from '../../domain/sequences.ts';
import { SPLITS, TISSUE_CLASSES } from '../../domain/tissue.ts';
import type { Split } from '../../domain/tissue.ts';
import { patchSettings } from '../../jobs/kinds.ts';
import { expectedPatches, patchGenerator } from '../../jobs/patches.ts';
import { checkPatchSettings, DEFAULT_PATCH_SETTINGS, extractPositions } from '../../patches/index.ts';
import type { PatchSettings } from '../../patches/index.ts';
import { patchPage, readMask } from '../../study/index.ts';
import { itemId } from '../item-id.ts';
import { procedure, router, studyProcedure } from '../trpc.ts';
import { patchCounts } from './study.ts';
import type { ExpectedPatches, PatchCountRow, PatchPreview, PatchRow, PatchSetRow } from '../wire-annotations.ts';

const seed = z.number().int().min(0).default(1);

export const patchSetsRouter = router({
  list: studyProcedure.query(({ ctx: { study } }): PatchSetRow[] =>
    study.patchSets.list().map(({ id, created, size, settings }) => ({
      id,
      created,
      size,
      settings,
      counts: study.patchSets.counts(id),
    })),
  ),

  /** Table 1 of a set. */
  counts: studyProcedure
    .input(z.object({ patchSet: itemId }))
    .query(({ ctx: { study }, input }): PatchCountRow[] => patchCounts(study, input.patchSet)),

  defaults: procedure.query((): PatchSettings => DEFAULT_PATCH_SETTINGS),

  /** The patches that these settings and this seed would take from a volume, on one of its slices. */
  preview: studyProcedure
    .input(z.object({ volume: itemId, slice: z.number().int().min(0), settings: patchSettings, seed }))
    .query(async ({ ctx: { study }, input }): Promise<PatchPreview> => {
      const { slice, seed: chosen } = input;
      const settings = checkPatchSettings(input.settings);
      const volume = study.volumes.get(input.volume);
      if (volume.tissueClass === null || !volume.hasPhase) {
        return { slice, size: settings.size, positions: [], inVolume: 0 };
      }
      const source = {
        ...volume,
        tissueClass: volume.tissueClass,
        mask: await readMask(study, volume.id),
        boxes: study.annotations.boxes(volume.id),
      };
      const positions = extractPositions(source, settings, patchGenerator(chosen, volume));
      return {
        slice,
        size: settings.size,
        positions: positions.filter((each) => each.slice === slice).map(({ slice: _, ...shown }) => shown),
        inVolume: positions.length,
      };
    }),

  /** What these settings would take from the whole study, at most; volumes by split are exact for this seed. */
  expected: studyProcedure
    .input(z.object({ settings: patchSettings, seed, redrawSplits: z.boolean().default(false) }))
    .query(({ ctx: { study }, input }): ExpectedPatches => {
      const settings = checkPatchSettings(input.settings);
      return expectedPatches(study, { settings, seed: input.seed, redrawSplits: input.redrawSplits });
    }),

  /** Lines of the wall of patches; the pixels are at `/arrays/patch-sets/:id/patches`. */
  patches: studyProcedure
    .input(
      z.object({
        patchSet: itemId,
        split: z.enum(SPLITS).optional(),
        tissueClass: z.enum(TISSUE_CLASSES).optional(),
        sequence: z.enum(SEQUENCES).optional(),
        volume: itemId.optional(),
        offset: z.number().int().min(0).default(0),
        limit: z.number().int().min(1).max(1000).default(200),
      }),
    )
    .query(({ ctx: { study }, input }): { total: number; patches: PatchRow[] } => {
      const { patchSet, offset, limit, ...filter } = input;
      return patchPage(study, patchSet, filter, { offset, limit });
    }),

  /** Which volume is in which split of a set's scheme, and which patient it is of: no patient is in two. */
  splits: studyProcedure
    .input(z.object({ patchSet: itemId.optional() }))
    .query(({ ctx: { study }, input }): { volume: string; name: string; patient: string | null; split: Split }[] => {
      const scheme =
        input.patchSet === undefined ? study.splits.latest()?.id : study.patchSets.get(input.patchSet).scheme;
      if (scheme === undefined) return [];
      const splits = study.splits.of(scheme);
      return study.volumes.list().flatMap(({ id: volume, name, patient }) => {
        const split = splits.get(volume);
        return split === undefined ? [] : [{ volume, name, patient, split }];
      });
    }),
});
