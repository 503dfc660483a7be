import { z } from 'zod';
import { guessLabelMapping, readAnnotationTable, VOLUME_LABELS } from '../../formats/annotations/index.ts';
import { applyLabels, planLabels } from '../../jobs/label-volumes.ts';
import type { LabelPlan } from '../../jobs/label-volumes.ts';
import { pathToken, router, studyProcedure } from '../trpc.ts';
import type { LabelPreview, LabelTable } from '../wire-annotations.ts';

const title = z.string().min(1).max(500);
const mapping = z.object({
  volume: title,
  label: title,
  values: z.record(z.string().max(500), z.enum(VOLUME_LABELS)),
});
/** Rows and words of a table that are shown. */
const SHOWN = { rows: 20, words: 200, problems: 500, names: 20 } as const;

/** Classes of whole volumes out of a table: what those who scanned from outside know of them. */
export const labelsRouter = router({
  /** What a table looks like, and how it would be understood; columns that the user chose are kept. */
  table: studyProcedure
    .input(z.object({ table: pathToken, volume: title.optional(), label: title.optional() }))
    .query(async ({ ctx: { engine }, input: { table: token, volume, label } }): Promise<LabelTable> => {
      const table = await readAnnotationTable(engine.tokens.path(token));
      const chosen = { ...(volume === undefined ? {} : { volume }), ...(label === undefined ? {} : { label }) };
      const { words, ...guess } = guessLabelMapping(table, chosen);
      return {
        columns: table.header,
        count: table.rows.length,
        guess,
        words: words.slice(0, SHOWN.words),
      };
    }),

  preview: studyProcedure
    .input(z.object({ table: pathToken, mapping }))
    .query(async ({ ctx: { study, engine }, input }): Promise<LabelPreview> => {
      const { entries, notInStudy, problems } = await planLabels(study, engine.tokens.path(input.table), input.mapping);
      return {
        volumes: entries.slice(0, SHOWN.rows).map(shown),
        matched: entries.length,
        changed: entries.filter(({ volume, tissueClass }) => volume.tissueClass !== tissueClass).length,
        problems: problems.slice(0, SHOWN.problems),
        notInStudy: { count: notInStudy.length, names: notInStudy.slice(0, SHOWN.names) },
      };
    }),

  /** Does it; answers what the changed volumes were, so that it can be undone. */
  assign: studyProcedure
    .input(z.object({ table: pathToken, mapping }))
    .mutation(async ({ ctx: { study, engine }, input }): Promise<LabelPreview['volumes']> => {
      const plan = await planLabels(study, engine.tokens.path(input.table), input.mapping);
      const changed = new Set(applyLabels(study, plan));
      engine.changed([...changed]);
      return plan.entries.filter(({ volume }) => changed.has(volume.id)).map(shown);
    }),
});

function shown({ volume, text, tissueClass }: LabelPlan['entries'][number]): LabelPreview['volumes'][number] {
  return { id: volume.id, name: volume.name, text, from: volume.tissueClass, to: tissueClass };
}
