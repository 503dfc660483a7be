import { z } from 'zod';
import { fastMriPlusText, guessColumns, readAnnotationTable } from '../../formats/annotations/index.ts';
import { editAnnotations, restoreAnnotations, snapBox } from '../../jobs/edit-annotations.ts';
import type { AnnotationContent } from '../../jobs/edit-annotations.ts';
import { JOB_PARAMETERS } from '../../jobs/kinds.ts';
import { resizeBox } from '../../patches/index.ts';
import { annotationContent, annotationVersions } from '../../study/index.ts';
import type { StoredBox, Study, Volume } from '../../study/index.ts';
import type { EngineState } from '../engine-state.ts';
import { noSuchBox } from '../no-such-box.ts';
import { previewAnnotations } from '../preview-annotations.ts';
import { itemId } from '../item-id.ts';
import { pathToken, router, studyProcedure } from '../trpc.ts';
import { volumeAnnotations } from '../volume-annotations.ts';
import type {
  AnnotationEdit,
  AnnotationPreview,
  AnnotationTable,
  AnnotationVersion,
  VolumeAnnotations,
} from '../wire-annotations.ts';

const label = z.string().trim().min(1).max(200);
const pixels = z.number().min(-10_000).max(100_000);
const version = z.number().int().positive().nullable();
/** `expected`: the version that the reader saw; an edit of another one is refused. */
const edited = { volume: itemId, expected: version.optional(), reader: z.string().trim().max(80).optional() };
const boxPlace = { slice: z.number().int().min(0), top: pixels, left: pixels, height: pixels, width: pixels };
const box = z.number().int().positive();

export const annotationsRouter = router({
  get: studyProcedure
    .input(z.object({ volume: itemId }))
    .query(({ ctx: { study }, input }): VolumeAnnotations => volumeAnnotations(study, input.volume)),

  /** Every state that the annotations of a volume were in, oldest first. */
  versions: studyProcedure
    .input(z.object({ volume: itemId }))
    .query(({ ctx: { study }, input }): AnnotationVersion[] => annotationVersions(study, input.volume)),

  addBox: studyProcedure
    .input(z.object({ ...edited, ...boxPlace, label }))
    .mutation(({ ctx, input }): AnnotationEdit => {
      const { volume, expected, reader, ...drawn } = input;
      return edit(ctx, { volume, expected, reader }, ({ boxes, studyLabels }, known) => ({
        boxes: [...boxes, snapBox(drawn, known)],
        studyLabels,
      }));
    }),

  /** Moves, resizes or relabels a box. Ids change with each edit; the order of the boxes does not. */
  changeBox: studyProcedure
    .input(
      z.object({
        ...edited,
        box,
        slice: boxPlace.slice.optional(),
        top: pixels.optional(),
        left: pixels.optional(),
        height: pixels.optional(),
        width: pixels.optional(),
        label: label.optional(),
      }),
    )
    .mutation(({ ctx, input }): AnnotationEdit => {
      const { volume, expected, reader, box: id, ...change } = input;
      return edit(ctx, { volume, expected, reader }, ({ boxes, studyLabels }, known) => {
        const before = (boxes as StoredBox[]).find((each) => each.id === id);
        if (before === undefined) throw noSuchBox(volume);
        const { id: _, abnormal: __, ...place } = { ...before, ...defined(change) };
        return { boxes: boxes.map((each) => (each === before ? snapBox(place, known) : each)), studyLabels };
      });
    }),

  removeBoxes: studyProcedure
    .input(z.object({ ...edited, boxes: z.array(box).min(1).max(10_000) }))
    .mutation(({ ctx, input }): AnnotationEdit => {
      const { volume, expected, reader, boxes: gone } = input;
      return edit(ctx, { volume, expected, reader }, ({ boxes, studyLabels }) => {
        const kept = (boxes as StoredBox[]).filter(({ id }) => !gone.includes(id));
        if (kept.length + new Set(gone).size !== boxes.length) throw noSuchBox(volume);
        return { boxes: kept, studyLabels };
      });
    }),

  setStudyLabels: studyProcedure
    .input(z.object({ ...edited, labels: z.array(label).max(200) }))
    .mutation(({ ctx, input }): AnnotationEdit => {
      const { volume, expected, reader, labels } = input;
      return edit(ctx, { volume, expected, reader }, ({ boxes }) => ({ boxes, studyLabels: [...new Set(labels)] }));
    }),

  /** Brings back any version: undo with `before` of an edit, redo with `before` of the undo. */
  restore: studyProcedure
    .input(z.object({ ...edited, version }))
    .mutation(({ ctx: { study, engine }, input }): AnnotationEdit => {
      const { volume, version: wanted, expected, reader } = input;
      const { before } = restoreAnnotations(study, volume, wanted, { expected, reader });
      engine.changed([volume]);
      return { before, after: volumeAnnotations(study, volume) };
    }),

  /** What a table looks like, before it is understood. */
  table: studyProcedure
    .input(z.object({ table: pathToken }))
    .query(async ({ ctx: { engine }, input }): Promise<AnnotationTable> => {
      const { header, rows } = await readAnnotationTable(engine.tokens.path(input.table));
      const has = (title: string): boolean => header.includes(title);
      return {
        columns: header,
        rows: rows.slice(0, 20).map(({ cells }) => cells),
        count: rows.length,
        fastMriPlus: ['file', 'slice', 'study_level', 'x', 'y', 'width', 'height', 'label'].every(has),
        guess: guessColumns(header),
      };
    }),

  /** What a table would do to the study. The job `annotate` with the same settings does it. */
  preview: studyProcedure
    .input(
      z.object({
        table: pathToken,
        fileList: pathToken.optional(),
        withoutRows: JOB_PARAMETERS.annotate.shape.withoutRows,
        mapping: JOB_PARAMETERS.annotate.shape.mapping,
      }),
    )
    .query(({ ctx: { study, engine }, input: { table, fileList, withoutRows, mapping } }): Promise<AnnotationPreview> =>
      previewAnnotations(study, engine.tokens.path(table), {
        withoutRows,
        ...(fileList === undefined ? {} : { fileList: engine.tokens.path(fileList) }),
        ...(mapping === undefined ? {} : { mapping }),
      }),
    ),

  /** All annotations as a table of fastMRI+, in which volumes are called by their ids; it imports back equal. */
  export: studyProcedure
    .input(z.object({ volumes: z.array(itemId).max(100_000).optional() }))
    .query(({ ctx: { study }, input }): { csv: string; volumes: number; boxes: number } => csvOf(study, input.volumes)),
});

/** One edit, told to everyone who looks at the volume. */
function edit(
  { study, engine }: { study: Study; engine: EngineState },
  { volume, expected, reader }: { volume: string; expected?: number | null | undefined; reader?: string | undefined },
  change: (content: AnnotationContent, volume: Volume) => AnnotationContent,
): AnnotationEdit {
  const known = study.volumes.get(volume);
  const { before } = editAnnotations(study, volume, (content) => change(content, known), { expected, reader });
  engine.changed([volume]);
  return { before, after: volumeAnnotations(study, volume) };
}

function csvOf(study: Study, wanted: readonly string[] | undefined): { csv: string; volumes: number; boxes: number } {
  const volumes = wanted === undefined ? study.volumes.list() : study.volumes.some(wanted);
  const annotated = volumes.flatMap((volume) => {
    const { version } = volumeAnnotations(study, volume.id);
    if (version === null) return [];
    const { boxes, studyLabels } = annotationContent(study, volume.id, version);
    const original = { rows: volume.originalRows, columns: volume.originalColumns };
    return [{ volume, studyLabels, boxes: boxes.map((each) => wholePixels(resizeBox(each, volume, original))) }];
  });
  const rows = new Map(annotated.map(({ volume }) => [volume.id, volume.originalRows]));
  const files = annotated.map(({ volume, boxes, studyLabels }) => ({ file: volume.id, boxes, studyLabels }));
  return {
    csv: fastMriPlusText(files, (file) => rows.get(file)!),
    volumes: files.length,
    boxes: files.reduce((sum, { boxes }) => sum + boxes.length, 0),
  };
}

/** Boxes stand on whole pixels of the acquired image; what is off is rounding. */
function wholePixels<B extends { top: number; left: number; height: number; width: number }>(drawn: B): B {
  const { top, left, height, width } = drawn;
  return {
    ...drawn,
    top: Math.round(top),
    left: Math.round(left),
    height: Math.round(height),
    width: Math.round(width),
  };
}

function defined<T extends object>(change: T): Partial<T> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<T>;
}
