import { z } from 'zod';
import { SEQUENCES } from '../../domain/sequences.ts';
import { SPLITS, TISSUE_CLASSES } from '../../domain/tissue.ts';
import {
  correctVolume,
  findVolumeIds,
  LIBRARY_ORDERS,
  libraryFacets,
  libraryRows,
  restoreItem,
  trashedItems,
} from '../../study/index.ts';
import { batch } from '../batch.ts';
import { provenanceChain } from '../provenance-chain.ts';
import { itemId } from '../item-id.ts';
import { router, studyProcedure } from '../trpc.ts';
import { volumeDetails, volumeRow } from '../volume-rows.ts';
import type {
  BatchResult,
  FacetCount,
  FacetName,
  ProvenanceStep,
  TrashedItem,
  VolumeDetails,
  VolumePage,
  VolumeRow,
} from '../wire.ts';

const word = z.string().max(120);
const values = <T extends z.ZodType>(one: T): z.ZodOptional<z.ZodArray<T>> => z.array(one).max(200).optional();

export const volumeFilter = z.object({
  text: z.string().max(200).optional(),
  sequence: values(z.enum(SEQUENCES)),
  tissueClass: values(z.enum(TISSUE_CLASSES).nullable()),
  site: values(word.nullable()),
  scanner: values(word.nullable()),
  split: values(z.enum(SPLITS).nullable()),
  purpose: values(z.enum(['training', 'external'])),
  hasPhase: values(z.boolean()),
  format: values(word),
  annotated: values(z.boolean()),
  finding: values(z.string().max(500)),
  tag: values(word),
});
const sort = z.object({ by: z.enum(LIBRARY_ORDERS), descending: z.boolean().optional() });
const ids = z.array(itemId).min(1).max(10_000);
const MOST_ROWS = 500;

export const volumesRouter = router({
  list: studyProcedure
    .input(
      z.object({
        filter: volumeFilter.optional(),
        sort: sort.optional(),
        offset: z.number().int().min(0).default(0),
        limit: z.number().int().min(1).max(MOST_ROWS).default(100),
      }),
    )
    .query(({ ctx: { study }, input: { filter, sort: order, offset, limit } }): VolumePage => {
      const all = findVolumeIds(study, filter, order);
      return { total: all.length, rows: libraryRows(study, all.slice(offset, offset + limit)).map(volumeRow) };
    }),

  /** All ids that a filter leaves, in order: for "select all" and for stepping from one to the next. */
  ids: studyProcedure
    .input(z.object({ filter: volumeFilter.optional(), sort: sort.optional() }))
    .query(({ ctx: { study }, input }): string[] => findVolumeIds(study, input.filter, input.sort)),

  facets: studyProcedure
    .input(z.object({ filter: volumeFilter.optional() }))
    .query(({ ctx: { study }, input }): Record<FacetName, FacetCount[]> => libraryFacets(study, input.filter)),

  get: studyProcedure
    .input(z.object({ id: itemId }))
    .query(({ ctx: { study }, input: { id } }): VolumeDetails => volumeDetails(study, id)),

  /** Corrects one or many volumes alike. A change of class or sequence needs a reason. */
  update: studyProcedure
    .input(
      z
        .object({
          ids,
          sequence: z.enum(SEQUENCES).optional(),
          /** null = kept out of training. */
          tissueClass: z.enum(TISSUE_CLASSES).nullable().optional(),
          purpose: z.enum(['training', 'external']).optional(),
          /** `suggested`: of each volume what was found when it was imported. */
          facialSlices: z
            .union([z.tuple([z.number().int().min(0), z.number().int().min(0)]), z.literal('suggested')])
            .nullable()
            .optional(),
          tags: z.array(z.string().trim().min(1).max(60)).max(50).optional(),
          addTags: z.array(z.string().trim().min(1).max(60)).max(50).optional(),
          removeTags: z.array(z.string().trim().min(1).max(60)).max(50).optional(),
          notes: z.string().max(20_000).optional(),
          reason: z.string().trim().min(1).max(500).optional(),
        })
        .refine(
          (input) => (input.sequence === undefined && input.tissueClass === undefined) || input.reason !== undefined,
          { message: 'say why the class or sequence is corrected', path: ['reason'] },
        ),
    )
    .mutation(({ ctx: { study, engine }, input }): VolumeRow[] => {
      const { ids: wanted, addTags, removeTags, ...correction } = input;
      study.transaction(() => {
        for (const { id, tags } of libraryRows(study, wanted)) {
          const changed = [...(correction.tags ?? tags), ...(addTags ?? [])].filter(
            (tag) => !removeTags?.includes(tag),
          );
          correctVolume(study, id, { ...correction, tags: changed });
        }
      });
      engine.changed(wanted);
      return libraryRows(study, wanted).map(volumeRow);
    }),

  /** Moves anything to the trash; what something else was made from stays, with the reason. */
  remove: studyProcedure.input(z.object({ ids })).mutation(({ ctx: { study, engine }, input }): Promise<BatchResult> =>
    batch(
      input.ids,
      (id) => study.remove(id),
      (done) => engine.changed(done),
    ),
  ),

  restore: studyProcedure.input(z.object({ ids })).mutation(({ ctx: { study, engine }, input }): Promise<BatchResult> =>
    batch(
      input.ids,
      (id) => restoreItem(study, id),
      (done) => engine.changed(done),
    ),
  ),

  trash: studyProcedure.query(({ ctx: { study } }): TrashedItem[] => trashedItems(study)),

  /** Where anything of the study came from: itself first, then its inputs, theirs, and so on. */
  provenance: studyProcedure
    .input(z.object({ item: itemId }))
    .query(({ ctx: { study }, input }): ProvenanceStep[] => provenanceChain(study, input.item)),
});
