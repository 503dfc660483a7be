import type { TissueClass } from '../domain/tissue.ts';
import { interpretLabels, readAnnotationTable } from '../formats/annotations/index.ts';
import type { LabelMapping, RowProblem } from '../formats/annotations/index.ts';
import { correctVolume } from '../study/index.ts';
import type { Study, Volume } from '../study/index.ts';

/** What a table of labels would do to a study. */
export interface LabelPlan {
  entries: { volume: Volume; line: number; text: string; tissueClass: TissueClass | null }[];
  notInStudy: string[];
  problems: RowProblem[];
}

/**
 * Understands a table with one label a volume, CSV or JSON. Volumes are found by the name of their file (of DICOM: by the UID of
 * their series), by their id, or by the name that they have in the study. Nothing is written.
 * @throws IsochromatError `labels-columns`, `csv-…`
 */
export async function planLabels(study: Study, path: string, mapping: LabelMapping): Promise<LabelPlan> {
  const { rows, problems } = interpretLabels(await readAnnotationTable(path), mapping, path);
  const living = study.volumes.list();
  const byId = new Map(living.map((volume) => [volume.id, volume]));
  const byName = Map.groupBy(living, ({ name }) => name);
  const plan: LabelPlan = { entries: [], notInStudy: [], problems };
  for (const { volume: said, line, text, label } of rows) {
    const byKey = study.volumes.findByKey(study.hideIdentity('file', said));
    const found = byKey.length > 0 ? byKey : byId.has(said) ? [byId.get(said)!] : (byName.get(said) ?? []);
    if (found.length === 0) plan.notInStudy.push(said);
    for (const volume of found) {
      plan.entries.push({ volume, line, text, tissueClass: label === 'excluded' ? null : label });
    }
  }
  return plan;
}

/** Gives the volumes their classes, all or none, each change on record. @returns ids of those whose class changed */
export function applyLabels(study: Study, { entries }: Pick<LabelPlan, 'entries'>): string[] {
  return study.transaction(() =>
    entries.flatMap(({ volume, text, tissueClass }) => {
      const before = study.volumes.get(volume.id).tissueClass;
      correctVolume(study, volume.id, { tissueClass, reason: `A table of labels says “${text}”.` });
      return before === tissueClass ? [] : [volume.id];
    }),
  );
}
