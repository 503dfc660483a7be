import { createHash } from 'node:crypto';
import type { Box, FileAnnotations } from '../domain/annotations.ts';
import { classify, unknownLabels } from '../domain/label-rules.ts';
import type { LabelRules } from '../domain/label-rules.ts';
import type { TissueClass } from '../domain/tissue.ts';
import {
  placeAnnotations,
  readFastMriPlus,
  readFileList,
  readMappedAnnotations,
  refuseOtherVocabulary,
  reviewedWithoutRows,
} from '../formats/annotations/index.ts';
import type { ColumnMapping, DrawnAnnotations, RowProblem } from '../formats/annotations/index.ts';
import { resizeBox } from '../patches/index.ts';
import { fileFacts, readLabelRules } from '../study/index.ts';
import type { Study, Volume, VolumeAnnotation } from '../study/index.ts';

/** What to make of a volume that was reviewed and about which nothing was written down. */
export type WithoutRows = 'excluded' | 'normal' | 'unlabeled';

export interface AnnotateOptions {
  /** The files that were reviewed, one a line; without it only files in the table count as reviewed. */
  fileList?: string;
  /** Default `excluded`: kept out until somebody decides. */
  withoutRows?: WithoutRows;
  /** Default: those of the study. */
  rules?: LabelRules;
  /** For a table of another origin, CSV or JSON: which columns hold what. Default: the columns of fastMRI+. */
  mapping?: ColumnMapping;
}

export interface AnnotateReport {
  /** Volumes that the table or the list speaks of, with what follows for them. */
  annotated: { volume: Volume; boxes: number; changed: boolean }[];
  /** Of these, the volumes that were reviewed without a row: their class is what `withoutRows` says. */
  reviewedWithoutRows: Volume[];
  /** Volumes of which neither speaks; they stay as they were. */
  notMentioned: Volume[];
  /** Files of the table that are not in the study. */
  notInStudy: string[];
  /** Rows that were left out, each with its reason. */
  problems: RowProblem[];
  /** Labels that the rules do not know, most frequent first. */
  unknownLabels: { label: string; count: number }[];
}

/** What a table would do to a study; nothing is written yet. */
export interface AnnotationPlan {
  entries: { volume: Volume; annotation: VolumeAnnotation; withoutRow: boolean }[];
  notInStudy: string[];
  problems: RowProblem[];
  unknownLabels: { label: string; count: number }[];
  source: { sha256: string; rulesSha256: string };
}

/**
 * Takes annotations of fastMRI+, or of a table of another origin, into a study: boxes, carried over to the stored images, and study-level labels, from which
 * the class of each volume follows by the rules. Volumes are found by the name of their file (of DICOM series: their
 * series UID) or by their id in the study. The same table again changes
 * nothing; another one supersedes what it speaks of.
 * @throws IsochromatError `annotations-columns`, `annotations-vocabulary`, `csv-…`
 */
export async function annotate(study: Study, csvPath: string, options: AnnotateOptions = {}): Promise<AnnotateReport> {
  const { entries, source, ...rest } = await planAnnotations(study, csvPath, options);
  const report: AnnotateReport = { annotated: [], reviewedWithoutRows: [], notMentioned: [], ...rest };
  study.transaction(() => {
    for (const { volume, annotation, withoutRow } of entries) {
      const changed = study.annotations.set(volume.id, annotation, source);
      const after = study.volumes.get(volume.id);
      report.annotated.push({ volume: after, boxes: annotation.boxes.length, changed });
      if (withoutRow) report.reviewedWithoutRows.push(after);
    }
  });
  const mentioned = new Set(entries.map(({ volume }) => volume.id));
  report.notMentioned = study.volumes.list().filter((volume) => !mentioned.has(volume.id));
  return report;
}

/** The first half of `annotate`: understands the table and says what would follow for each volume. */
export async function planAnnotations(
  study: Study,
  csvPath: string,
  options: AnnotateOptions = {},
): Promise<AnnotationPlan> {
  const { rules = readLabelRules(study), withoutRows = 'excluded', mapping } = options;
  const { files, problems } = await readTable(csvPath, rules, mapping);
  const reviewed = options.fileList === undefined ? [] : await readFileList(options.fileList);
  const plan: AnnotationPlan = {
    entries: [],
    notInStudy: [],
    problems,
    unknownLabels: unknownLabels(files.map(unplaced), rules),
    source: {
      sha256: (await fileFacts(csvPath)).sha256,
      rulesSha256: rulesDigest({ rules, withoutRows, ...(mapping === undefined ? {} : { mapping }) }),
    },
  };
  const ids = new Map(study.volumes.list().map((volume) => [volume.id, volume]));
  const volumesOf = (file: string): Volume[] => {
    const byName = study.volumes.findByKey(study.hideIdentity('file', file));
    const byId = ids.get(file);
    return byName.length === 0 && byId !== undefined ? [byId] : byName;
  };
  for (const drawn of files) {
    const volumes = volumesOf(drawn.file);
    if (volumes.length === 0) plan.notInStudy.push(drawn.file);
    for (const volume of volumes) {
      const placed = placeOn(volume, drawn, mapping?.flipped ?? true);
      problems.push(...placed.problems);
      plan.entries.push({ volume, annotation: judge(volume, placed.annotations, rules), withoutRow: false });
    }
  }
  for (const file of reviewedWithoutRows(reviewed, files)) {
    for (const volume of volumesOf(file)) {
      const annotation = { ...WITHOUT_ROWS[withoutRows], boxes: [], studyLabels: [] };
      plan.entries.push({ volume, annotation, withoutRow: true });
    }
  }
  problems.sort((a, b) => a.line - b.line);
  return plan;
}

/** SHA-256 of what classes were made by. */
export function rulesDigest(what: unknown): string {
  return createHash('sha256').update(JSON.stringify(what)).digest('hex');
}

async function readTable(
  path: string,
  rules: LabelRules,
  mapping: ColumnMapping | undefined,
): Promise<{ files: DrawnAnnotations[]; problems: RowProblem[] }> {
  if (mapping === undefined) return readFastMriPlus(path, rules);
  const table = await readMappedAnnotations(path, mapping);
  refuseOtherVocabulary(table.files, rules, path);
  return table;
}

const WITHOUT_ROWS: Record<WithoutRows, { tissueClass: TissueClass | null; classReason: string }> = {
  excluded: { tissueClass: null, classReason: 'It was reviewed, and nothing was written down about it.' },
  normal: { tissueClass: 'normal', classReason: 'It was reviewed without a finding, which counts as normal here.' },
  unlabeled: {
    tissueClass: 'unlabeled',
    classReason: 'It was reviewed without a row, which counts as unlabeled here.',
  },
};

/** The boxes of a volume in pixels of the image they were drawn on, the stored rows first. */
function placeOn(
  volume: Volume,
  drawn: DrawnAnnotations,
  flipped: boolean,
): { annotations: FileAnnotations; problems: RowProblem[] } {
  const inside = drawn.boxes.filter((box) => box.slice < volume.slices);
  const beyond = drawn.boxes.filter((box) => box.slice >= volume.slices);
  const image = { rows: volume.originalRows, columns: volume.originalColumns };
  const { annotations, problems } = placeAnnotations({ ...drawn, boxes: inside }, image, flipped);
  return {
    annotations,
    problems: [
      ...problems,
      ...beyond.map(({ line, slice }): RowProblem => ({
        line,
        code: 'annotation-outside',
        sentence: `${drawn.file} has no slice ${slice}; its last one is ${volume.slices - 1}.`,
      })),
    ],
  };
}

/** The class of a volume, why, and its boxes on the stored image. */
function judge(volume: Volume, annotations: FileAnnotations, rules: LabelRules): VolumeAnnotation {
  const from = { rows: volume.originalRows, columns: volume.originalColumns };
  return judgeStored(
    annotations.boxes.map((box) => resizeBox(box, from, volume)),
    annotations.studyLabels,
    rules,
  );
}

/** The same of boxes that are on the stored image already. */
export function judgeStored(
  boxes: readonly Box[],
  studyLabels: readonly string[],
  rules: LabelRules,
): VolumeAnnotation {
  const annotations = { file: '', boxes: [...boxes], studyLabels: [...studyLabels] };
  const verdict = classify(annotations, rules);
  return {
    tissueClass: verdict === 'excluded' ? null : verdict,
    classReason: reasonFor(verdict, annotations, rules),
    boxes: boxes.map((box) => ({ ...box, abnormal: rules.abnormalImageLabels.includes(box.label) })),
    studyLabels: [...studyLabels],
  };
}

function reasonFor(verdict: string, { boxes, studyLabels }: FileAnnotations, rules: LabelRules): string {
  const labels = [...new Set([...boxes.map((box) => box.label), ...studyLabels])];
  const decisive = labels.filter((label) =>
    verdict === 'abnormal'
      ? rules.abnormalImageLabels.includes(label)
      : [...rules.normalStudyLabels, ...rules.normalImageLabels].includes(label),
  );
  if (verdict !== 'excluded') return `${decisive.join(', ')} (${rules.name}).`;
  return labels.length === 0
    ? 'Its annotations could not be placed.'
    : `Annotated, but neither normal nor abnormal: ${labels.join(', ')} (${rules.name}).`;
}

/** For counting labels, where boxes lie does not matter. */
function unplaced({ file, boxes, studyLabels }: DrawnAnnotations): FileAnnotations {
  return { file, studyLabels, boxes: boxes.map((box) => ({ ...box, top: 0, left: 0 })) };
}
