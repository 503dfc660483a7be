import { z } from 'zod';
import { FASTMRI_PLUS_BRAIN } from '../../domain/label-rules.ts';
import type { LabelRules } from '../../domain/label-rules.ts';
import { reapplyRules } from '../../jobs/edit-annotations.ts';
import { parseLabelRules, readLabelRules, writeLabelRules } from '../../study/index.ts';
import { router, studyProcedure } from '../trpc.ts';

const labels = z.array(z.string().trim().min(1).max(200)).max(2000);

/** The table by which labels become classes. */
export const rulesRouter = router({
  get: studyProcedure.query(({ ctx: { study } }): { rules: LabelRules; standard: LabelRules } => ({
    rules: readLabelRules(study),
    standard: FASTMRI_PLUS_BRAIN,
  })),

  /** Puts another table in force. Classes stay until `reapply`. */
  set: studyProcedure
    .input(
      z.object({
        name: z.string().trim().min(1).max(120),
        normalStudyLabels: labels,
        normalImageLabels: labels,
        abnormalImageLabels: labels,
        otherLabels: labels,
      }),
    )
    .mutation(async ({ ctx: { study, engine }, input }): Promise<LabelRules> => {
      const rules = parseLabelRules(JSON.stringify(input), 'rules');
      await writeLabelRules(study, rules);
      engine.changed();
      return rules;
    }),

  /** Makes the classes of annotated volumes anew by the rules in force; those set by hand stay. */
  reapply: studyProcedure.mutation(({ ctx: { study, engine } }): { changed: string[] } => {
    const changed = reapplyRules(study);
    if (changed.length > 0) engine.changed(changed);
    return { changed };
  }),
});
