import { randomUUID } from 'node:crypto';
import type { Box } from '../domain/annotations.ts';
import { IsochromatError } from '../domain/errors.ts';
import type { LabelRules } from '../domain/label-rules.ts';
import { resizeBox } from '../patches/index.ts';
import {
  annotationContent,
  annotationInForce,
  readLabelRules,
  recordReader,
  withdrawAnnotation,
} from '../study/index.ts';
import type { Study, Volume } from '../study/index.ts';
import { judgeStored, rulesDigest } from './annotate.ts';

/** Boxes on the stored image and study-level labels: all that a reader says of a volume. */
export interface AnnotationContent {
  boxes: readonly Box[];
  studyLabels: readonly string[];
}

export interface EditOptions {
  /** The version that the reader saw; undefined = whatever is in force. */
  expected?: number | null | undefined;
  reader?: string | undefined;
}

export const NEVER_ANNOTATED = { tissueClass: 'unlabeled', classReason: 'No annotations were given.' } as const;

/**
 * Changes what is said of a volume: another version, from which its class follows anew by the study's rules, unless
 * somebody has set the class by hand.
 * @param change makes the new content of the one in force
 * @returns the version that was in force before, to restore it; null = none
 * @throws IsochromatError `annotation-changed` when it is not the version expected; `box-outside`
 */
export function editAnnotations(
  study: Study,
  volume: string,
  change: (content: AnnotationContent) => AnnotationContent,
  { expected, reader }: EditOptions = {},
): { before: number | null } {
  return study.transaction(() => {
    const known = study.volumes.get(volume);
    const before = annotationInForce(study, volume)?.version ?? null;
    if (expected !== undefined && expected !== before) throw changedMeanwhile(volume);
    const now = before === null ? { boxes: [], studyLabels: [] } : annotationContent(study, volume, before);
    const { boxes, studyLabels } = change(now);
    for (const box of boxes) requireInside(box, known);
    store(study, known, { boxes, studyLabels }, readLabelRules(study), reader);
    return { before };
  });
}

/** Brings back an earlier version as the newest one; null = as if it had never been annotated. */
export function restoreAnnotations(
  study: Study,
  volume: string,
  version: number | null,
  options: EditOptions = {},
): { before: number | null } {
  if (version !== null) {
    const content = annotationContent(study, volume, version);
    return editAnnotations(study, volume, () => content, options);
  }
  return study.transaction(() => {
    const known = study.volumes.get(volume);
    const before = annotationInForce(study, volume)?.version ?? null;
    if (options.expected !== undefined && options.expected !== before) throw changedMeanwhile(volume);
    const byHand = classByHand(study, known);
    withdrawAnnotation(study, volume);
    const { tissueClass, classReason } = byHand ? known : NEVER_ANNOTATED;
    study.volumes.setClass(volume, tissueClass, classReason);
    return { before };
  });
}

/**
 * Makes the classes of all annotated volumes anew by the rules in force.
 * @returns ids of those whose class changed
 */
export function reapplyRules(study: Study): string[] {
  const rules = readLabelRules(study);
  return study.transaction(() =>
    study.volumes.list().flatMap((volume) => {
      const version = annotationInForce(study, volume.id);
      if (version === undefined) return [];
      store(study, volume, annotationContent(study, volume.id, version.version), rules, version.reader ?? undefined);
      return study.volumes.get(volume.id).tissueClass === volume.tissueClass ? [] : [volume.id];
    }),
  );
}

/**
 * A box with edges between whole pixels of the image that was acquired: what tables of annotations can hold, so that
 * what is drawn here is the same after export and import.
 */
export function snapBox<B extends Box>(box: B, volume: Volume): B {
  const original = { rows: volume.originalRows, columns: volume.originalColumns };
  const drawn = resizeBox(box, volume, original);
  const [top, bottom] = snapEdges(drawn.top, drawn.height, original.rows);
  const [left, right] = snapEdges(drawn.left, drawn.width, original.columns);
  return resizeBox({ ...drawn, top, left, height: bottom - top, width: right - left }, original, volume);
}

/** Rounded, at least one pixel long, and inside of the image. */
function snapEdges(start: number, length: number, limit: number): [number, number] {
  const first = Math.min(Math.max(Math.round(start), 0), limit - 1);
  const last = Math.min(Math.max(Math.round(start + length), first + 1), limit);
  return [first, last];
}

function store(
  study: Study,
  volume: Volume,
  content: AnnotationContent,
  rules: LabelRules,
  reader: string | undefined,
): void {
  const byHand = classByHand(study, volume);
  // Each edit is a reading of its own, also one that says again what was said before.
  const sha256 = rulesDigest({ content, edit: randomUUID() });
  study.annotations.set(volume.id, judgeStored(content.boxes, content.studyLabels, rules), {
    sha256,
    rulesSha256: rulesDigest({ rules }),
  });
  if (byHand) study.volumes.setClass(volume.id, volume.tissueClass, volume.classReason);
  if (reader !== undefined && reader !== '') {
    recordReader(study, annotationInForce(study, volume.id)!.version, reader);
  }
}

/** The class is not the one that followed from the annotations in force: somebody set it. */
function classByHand(study: Study, { id, tissueClass, classReason }: Volume): boolean {
  const followed = annotationInForce(study, id) ?? NEVER_ANNOTATED;
  return tissueClass !== followed.tissueClass || classReason !== followed.classReason;
}

function requireInside({ slice, top, left, height, width }: Box, volume: Volume): void {
  // Edges that went to the acquired image and back may miss whole numbers by rounding.
  const slack = 1;
  const inside =
    Number.isInteger(slice) &&
    slice >= 0 &&
    slice < volume.slices &&
    height > 0 &&
    width > 0 &&
    top >= -slack &&
    left >= -slack &&
    top + height <= volume.rows + slack &&
    left + width <= volume.columns + slack;
  if (inside) return;
  throw new IsochromatError({
    code: 'box-outside',
    sentence: 'The box does not lie on the image.',
    subject: volume.id,
    expected: `slices 0 to ${volume.slices - 1} of ${volume.rows} × ${volume.columns} pixels`,
    found: `slice ${slice}, rows ${top} to ${top + height}, columns ${left} to ${left + width}`,
  });
}

function changedMeanwhile(volume: string): IsochromatError {
  return new IsochromatError({
    code: 'annotation-changed',
    sentence: 'The annotations of this volume were changed elsewhere meanwhile.',
    subject: volume,
    remedy: 'Look at them as they are now, and make the change again.',
  });
}
