import { planAnnotations } from '../jobs/annotate.ts';
import type { AnnotateOptions, AnnotationPlan } from '../jobs/annotate.ts';
import { readLabelRules } from '../study/index.ts';
import type { Study } from '../study/index.ts';
import { readMaskSlice } from './arrays/volume-slices.ts';
import { countsAs } from './volume-annotations.ts';
import type { AnnotationPreview } from './wire-annotations.ts';

/** Names that are shown of what could not be matched. */
const NAMED = 20;
const MOST_PROBLEMS = 500;
/** As many boxes tell whether a table counts its rows from the other end. */
const BOXES_LOOKED_AT = 400;

/** What a table of annotations would do to the study, volume by volume. */
export async function previewAnnotations(
  study: Study,
  table: string,
  options: AnnotateOptions,
): Promise<AnnotationPreview> {
  const plan = await planAnnotations(study, table, options);
  const rules = readLabelRules(study);
  const mentioned = new Set(plan.entries.map(({ volume }) => volume.id));
  return {
    volumes: plan.entries.map(({ volume, annotation, withoutRow }) => ({
      id: volume.id,
      name: volume.name,
      boxes: annotation.boxes.map(({ abnormal, ...box }) => ({ ...box, counts: countsAs(box.label, abnormal, rules) })),
      studyLabels: annotation.studyLabels,
      tissueClass: annotation.tissueClass,
      classReason: annotation.classReason,
      withoutRow,
    })),
    problems: plan.problems.slice(0, MOST_PROBLEMS),
    unknownLabels: plan.unknownLabels,
    notInStudy: { count: plan.notInStudy.length, names: plan.notInStudy.slice(0, NAMED) },
    notMentioned: study.volumes.list().filter(({ id }) => !mentioned.has(id)).length,
    outsideMask: await outsideMask(study, plan),
  };
}

/** Boxes that lie in the air are boxes of an image turned upside down, or of other slices. */
async function outsideMask(study: Study, plan: AnnotationPlan): Promise<AnnotationPreview['outsideMask']> {
  const counts = { asMapped: 0, flippedTheOtherWay: 0, boxes: 0 };
  for (const { volume, annotation } of plan.entries) {
    const slices = [...new Set(annotation.boxes.map(({ slice }) => slice))];
    for (const slice of slices) {
      if (counts.boxes >= BOXES_LOOKED_AT) break;
      const mask = await readMaskSlice(study, volume.id, slice);
      const isInside = (row: number, column: number): boolean =>
        mask[Math.floor(row) * volume.columns + Math.floor(column)] === 1;
      for (const box of annotation.boxes.filter((each) => each.slice === slice)) {
        const row = box.top + box.height / 2;
        const column = box.left + box.width / 2;
        counts.boxes++;
        if (!isInside(row, column)) counts.asMapped++;
        if (!isInside(volume.rows - row, column)) counts.flippedTheOtherWay++;
      }
    }
  }
  const { boxes } = counts;
  if (boxes === 0) return null;
  return { boxes, asMapped: counts.asMapped / boxes, flippedTheOtherWay: counts.flippedTheOtherWay / boxes };
}
