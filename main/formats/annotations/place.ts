import type { Box, FileAnnotations } from '../../domain/annotations.ts';
import type { DrawnAnnotations, DrawnBox, RowProblem } from './rows.ts';

/** A box on the stored image: drawn on the image flipped up/down, it begins at row H − y − height. */
export function storedBox(drawn: DrawnBox, imageRows: number, flipped: boolean): Box {
  const { slice, x: left, y, width, height, label } = drawn;
  return { slice, top: flipped ? imageRows - y - height : y, left, height, width, label };
}

/** The inverse of `storedBox`, for writing. */
export function drawnBox(box: Box, imageRows: number, flipped: boolean): Omit<DrawnBox, 'line'> {
  const { slice, top, left: x, height, width, label } = box;
  return { slice, x, y: flipped ? imageRows - top - height : top, width, height, label };
}

/**
 * Places the boxes of a volume on its stored images.
 * @param image rows and columns of the image that the boxes were drawn on (for fastMRI+, of `reconstruction_rss`)
 * @returns boxes inside of the image; those that reach out of it are left out and reported
 */
export function placeAnnotations(
  drawn: DrawnAnnotations,
  image: { rows: number; columns?: number },
  flipped: boolean,
): { annotations: FileAnnotations; problems: RowProblem[] } {
  const boxes: Box[] = [];
  const problems: RowProblem[] = [];
  for (const one of drawn.boxes) {
    const box = storedBox(one, image.rows, flipped);
    const inside =
      box.top >= 0 && box.top + box.height <= image.rows && box.left + box.width <= (image.columns ?? Infinity);
    if (inside) boxes.push(box);
    else {
      const size = `${image.rows} rows${image.columns === undefined ? '' : ` and ${image.columns} columns`}`;
      const sentence = `The box of "${box.label}" in ${drawn.file} reaches out of the image of ${size}.`;
      problems.push({ line: one.line, code: 'annotation-outside', sentence });
    }
  }
  return { annotations: { file: drawn.file, boxes, studyLabels: drawn.studyLabels }, problems };
}
