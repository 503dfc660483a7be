import type { TissueClass } from '../domain/tissue.ts';
import type { StoredBox } from './annotations.ts';
import { noSuchItem } from './items.ts';
import type { Study } from './study.ts';

/** One state of a volume's annotations. Each edit makes another; none is overwritten, so each can come back. */
export interface AnnotationVersion {
  version: number;
  created: string;
  superseded: string | null;
  reader: string | null;
  /** What followed from it by the rules. */
  tissueClass: TissueClass | null;
  classReason: string;
  boxes: number;
  studyLabels: number;
}

const SELECT = `SELECT annotations.id AS version, created, superseded, reader, tissue_class, class_reason,
    (SELECT count(*) FROM boxes WHERE annotation = annotations.id) AS boxes,
    (SELECT count(*) FROM study_labels WHERE annotation = annotations.id) AS labels
  FROM annotations LEFT JOIN annotation_readers ON annotation_readers.annotation = annotations.id`;

/** Oldest first. */
export function annotationVersions(study: Study, volume: string): AnnotationVersion[] {
  return study.catalogue.all(`${SELECT} WHERE volume = ? ORDER BY annotations.id`, volume).map(fromRow);
}

export function annotationInForce(study: Study, volume: string): AnnotationVersion | undefined {
  const row = study.catalogue.one(`${SELECT} WHERE volume = ? AND superseded IS NULL`, volume);
  return row === undefined ? undefined : fromRow(row);
}

/**
 * Boxes and study-level labels of a version, in the order in which they were stored.
 * @throws IsochromatError `no-such-item` when it is not one of this volume
 */
export function annotationContent(
  study: Study,
  volume: string,
  version: number,
): { boxes: StoredBox[]; studyLabels: string[] } {
  if (study.catalogue.one('SELECT 1 FROM annotations WHERE id = ? AND volume = ?', version, volume) === undefined) {
    throw noSuchItem(`${volume} annotation ${version}`);
  }
  const boxes = study.catalogue.all('SELECT * FROM boxes WHERE annotation = ? ORDER BY id', version).map((row) => ({
    id: row['id'] as number,
    slice: row['slice'] as number,
    top: row['box_top'] as number,
    left: row['box_left'] as number,
    height: row['height'] as number,
    width: row['width'] as number,
    label: row['label'] as string,
    abnormal: row['abnormal'] === 1,
  }));
  const studyLabels = study.catalogue
    .all<{ label: string }>('SELECT label FROM study_labels WHERE annotation = ? ORDER BY position', version)
    .map(({ label }) => label);
  return { boxes, studyLabels };
}

/** Who said it. */
export function recordReader(study: Study, version: number, reader: string): void {
  study.catalogue.run('INSERT INTO annotation_readers (annotation, reader) VALUES (?, ?)', version, reader);
}

/** The volume is as if it had never been annotated; what was said stays among its versions. */
export function withdrawAnnotation(study: Study, volume: string): void {
  study.catalogue.run(
    'UPDATE annotations SET superseded = ? WHERE volume = ? AND superseded IS NULL',
    study.items.now(),
    volume,
  );
}

function fromRow(row: Record<string, string | number | null>): AnnotationVersion {
  return {
    version: row['version'] as number,
    created: row['created'] as string,
    superseded: row['superseded'] as string | null,
    reader: row['reader'] as string | null,
    tissueClass: row['tissue_class'] as TissueClass | null,
    classReason: row['class_reason'] as string,
    boxes: row['boxes'] as number,
    studyLabels: row['labels'] as number,
  };
}
