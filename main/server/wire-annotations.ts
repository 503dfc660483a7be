// Annotations and patches as they travel between engine and window.
import type { Sequence } from '../domain/sequences.ts';
import type { Split, TissueClass } from '../domain/tissue.ts';
import type { ColumnMapping, LabelMapping, VolumeLabel as Label } from '../formats/annotations/index.ts';

// ── Annotations ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** A box on the stored image, edges in pixels, the first pixel from 0 to 1. */
export interface AnnotatedBox {
  id: number;
  slice: number;
  top: number;
  left: number;
  height: number;
  width: number;
  label: string;
  /** How it counts by the rules that were in force. */
  counts: 'abnormal' | 'normal' | 'neither';
}

export interface VolumeAnnotations {
  volume: string;
  /** Names this state: to restore it, and to notice that somebody else changed it. null = never annotated. */
  version: number | null;
  boxes: AnnotatedBox[];
  studyLabels: string[];
  reader: string | null;
  created: string | null;
  tissueClass: TissueClass | null;
  classReason: string;
}

/** What an edit did; `before` is the version that `annotations.restore` takes to undo it. */
export interface AnnotationEdit {
  before: number | null;
  after: VolumeAnnotations;
}

export interface AnnotationVersion {
  version: number;
  created: string;
  superseded: string | null;
  reader: string | null;
  boxes: number;
  studyLabels: number;
}

// ── Patches ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface PatchSetRow {
  id: string;
  created: string;
  size: number;
  settings: unknown;
  counts: Record<Split, number>;
}

/** One cell of Table 1. */
export interface PatchCountRow {
  tissueClass: TissueClass;
  sequence: Sequence;
  split: Split;
  volumes: number;
  patches: number;
}

export interface PatchRow {
  split: Split;
  /** Index into `/arrays/patch-sets/:id/patches?split=`. */
  position: number;
  volume: string;
  slice: number;
  top: number;
  left: number;
  tissueClass: TissueClass;
  sequence: Sequence;
  box: number | null;
}

export interface PatchPreview {
  slice: number;
  size: number;
  positions: { top: number; left: number; tissueClass: TissueClass; box: number | null }[];
  /** Of the whole volume, with these settings. */
  inVolume: number;
}

// ── Tables of annotations ────────────────────────────────────────────────────────────────────────────────────────────

/** Which columns of a table hold what. */
export type TableMapping = ColumnMapping;

export interface AnnotationTable {
  columns: string[];
  /** The first rows: to be shown and not kept. */
  rows: string[][];
  count: number;
  /** It has the columns of fastMRI+: no mapping is needed. */
  fastMriPlus: boolean;
  guess: Partial<TableMapping>;
}

/** What a table would do; nothing was written. */
export interface AnnotationPreview {
  volumes: {
    id: string;
    name: string;
    boxes: Omit<AnnotatedBox, 'id'>[];
    studyLabels: string[];
    tissueClass: TissueClass | null;
    classReason: string;
    withoutRow: boolean;
  }[];
  problems: { line: number; code: string; sentence: string }[];
  unknownLabels: { label: string; count: number }[];
  /** Files of the table that are not in the study; the first names, to be shown and not kept. */
  notInStudy: { count: number; names: string[] };
  notMentioned: number;
  /** Share of boxes whose centre is outside of the mask, as mapped and were they flipped the other way; null without boxes. */
  outsideMask: { asMapped: number; flippedTheOtherWay: number; boxes: number } | null;
}

/** What a patch set with given settings would hold. */
export interface ExpectedPatches {
  /** Patches are the most there can be: a volume with little brain gives fewer. */
  cells: PatchCountRow[];
  splits: 'new' | 'kept';
  /** Volumes that give nothing, by reason. */
  withoutPatches: { reason: string; count: number }[];
}

// ── Tables of labels ─────────────────────────────────────────────────────────────────────────────────────────────────

export type VolumeLabel = Label;
/** Which columns of a table name a volume and say its class, and what each word means. */
export type VolumeLabelMapping = LabelMapping;

export interface LabelTable {
  columns: string[];
  count: number;
  guess: Partial<Pick<LabelMapping, 'volume' | 'label'>> & Pick<LabelMapping, 'values'>;
  /** Of the column of labels, most frequent first. */
  words: { word: string; count: number }[];
}

export interface LabelPreview {
  /** The first ones. */
  volumes: { id: string; name: string; text: string; from: TissueClass | null; to: TissueClass | null }[];
  matched: number;
  changed: number;
  problems: { line: number; sentence: string }[];
  notInStudy: { count: number; names: string[] };
}
