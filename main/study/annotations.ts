import type { TissueClass } from '../domain/tissue.ts';
import type { Catalogue } from './catalogue.ts';

/** A box on the **stored** image; edges are not whole numbers where the image was resized. */
export interface StoredBox {
  id: number;
  slice: number;
  top: number;
  left: number;
  height: number;
  width: number;
  label: string;
  /** Its label counts as abnormal by the rules in force when it was stored. */
  abnormal: boolean;
}

/** What a reader said of a volume, and what follows from it. */
export interface VolumeAnnotation {
  tissueClass: TissueClass | null;
  classReason: string;
  boxes: Omit<StoredBox, 'id'>[];
  studyLabels: string[];
}

/** The annotations of a study: one in force for each volume; earlier ones are kept, superseded. */
export class Annotations {
  private readonly catalogue: Catalogue;
  private readonly now: () => string;

  constructor(catalogue: Catalogue, now: () => string) {
    this.catalogue = catalogue;
    this.now = now;
  }

  /**
   * Stores an annotation and the class that follows from it. The same annotation again changes nothing.
   * @param source SHA-256 of the file of annotations, and of the rules that were applied
   * @returns whether anything changed
   */
  set(volume: string, annotation: VolumeAnnotation, source: { sha256: string; rulesSha256: string }): boolean {
    return this.catalogue.write(() => {
      const before = this.catalogue.one<{ id: number }>(
        'SELECT id FROM annotations WHERE volume = ? AND superseded IS NULL AND source_sha256 = ? AND rules_sha256 = ?',
        volume,
        source.sha256,
        source.rulesSha256,
      );
      if (before !== undefined) return false;
      this.catalogue.run(
        'UPDATE annotations SET superseded = ? WHERE volume = ? AND superseded IS NULL',
        this.now(),
        volume,
      );
      const { id } = this.catalogue.run(
        `INSERT INTO annotations (volume, source_sha256, rules_sha256, tissue_class, class_reason, created)
         VALUES (?, ?, ?, ?, ?, ?)`,
        volume,
        source.sha256,
        source.rulesSha256,
        annotation.tissueClass,
        annotation.classReason,
        this.now(),
      );
      this.insertDetails(id, annotation);
      this.catalogue.run(
        'UPDATE volumes SET tissue_class = ?, class_reason = ? WHERE id = ?',
        annotation.tissueClass,
        annotation.classReason,
        volume,
      );
      return true;
    });
  }

  /** The boxes in force on a volume, by slice. */
  boxes(volume: string): StoredBox[] {
    return this.catalogue
      .all(
        `SELECT boxes.* FROM boxes JOIN annotations ON annotations.id = boxes.annotation
         WHERE annotations.volume = ? AND superseded IS NULL ORDER BY slice, boxes.id`,
        volume,
      )
      .map((row) => ({
        id: row['id'] as number,
        slice: row['slice'] as number,
        top: row['box_top'] as number,
        left: row['box_left'] as number,
        height: row['height'] as number,
        width: row['width'] as number,
        label: row['label'] as string,
        abnormal: row['abnormal'] === 1,
      }));
  }

  studyLabels(volume: string): string[] {
    return this.catalogue
      .all<{ label: string }>(
        `SELECT label FROM study_labels JOIN annotations ON annotations.id = annotation
         WHERE volume = ? AND superseded IS NULL ORDER BY position`,
        volume,
      )
      .map((row) => row.label);
  }

  private insertDetails(annotation: number, { boxes, studyLabels }: VolumeAnnotation): void {
    for (const box of boxes) {
      this.catalogue.run(
        `INSERT INTO boxes (annotation, slice, box_top, box_left, height, width, label, abnormal)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        annotation,
        box.slice,
        box.top,
        box.left,
        box.height,
        box.width,
        box.label,
        box.abnormal ? 1 : 0,
      );
    }
    studyLabels.forEach((label, position) => {
      this.catalogue.run(
        'INSERT INTO study_labels (annotation, position, label) VALUES (?, ?, ?)',
        annotation,
        position,
        label,
      );
    });
  }
}
