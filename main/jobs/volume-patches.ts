import { sliceOf } from '../domain/complex.ts';
import { IsochromatError } from '../domain/errors.ts';
import { sequenceIndex } from '../domain/sequences.ts';
import { TISSUE_CLASSES } from '../domain/tissue.ts';
import { cutPatch } from '../patches/cut.ts';
import { centralPositions, EXTERNAL_GRID } from '../patches/grid.ts';
import { readImage, readMask } from '../study/index.ts';
import type { Study, Volume } from '../study/index.ts';
import { patchesInMemory } from '../training/dataset.ts';
import type { PatchDataset } from '../training/dataset.ts';
import { reducePatches } from '../training/reduce.ts';

/** A slice whose mask covers less of the image shows no head. */
const LEAST_HEAD = 0.01;

/** Where a patch of the scoring grid lies. */
export interface GridPatch {
  slice: number;
  top: number;
  left: number;
}

export interface VolumePatches extends PatchDataset {
  readonly positions: readonly GridPatch[];
}

/**
 * The patches by which a whole volume is judged: the four central ones of the 4 × 4 grid on every slice that shows the head,
 * facial slices left out; reduced to the size of the model.
 * @throws IsochromatError `magnitude-only`, `no-slice-to-score`
 */
export async function volumePatches(study: Study, volume: Volume, size: number): Promise<VolumePatches> {
  if (!volume.hasPhase) {
    throw new IsochromatError({
      code: 'magnitude-only',
      sentence: 'Phase is missing: this series holds magnitude only, so it can be viewed but not scored.',
      subject: volume.name,
    });
  }
  const image = await readImage(study, volume.id);
  const mask = await readMask(study, volume.id);
  const pixels = image.rows * image.columns;
  const showsHead = (slice: number): boolean => {
    let inside = 0;
    for (let i = slice * pixels; i < (slice + 1) * pixels; i++) inside += mask[i]!;
    return inside >= LEAST_HEAD * pixels;
  };
  const isFacial = (slice: number): boolean =>
    volume.facialSlices !== null && slice >= volume.facialSlices[0] && slice <= volume.facialSlices[1];
  const slices = Array.from({ length: image.slices }, (_, i) => i).filter((i) => !isFacial(i) && showsHead(i));
  if (slices.length === 0) {
    throw new IsochromatError({
      code: 'no-slice-to-score',
      sentence: 'No slice of this volume is left to score.',
      subject: volume.name,
      expected: 'a slice that shows the head and is not marked as facial',
      remedy: 'Check the range of facial slices.',
    });
  }
  const grid = centralPositions(image.rows, image.columns);
  const positions = slices.flatMap((slice) => grid.map(({ top, left }) => ({ slice, top, left })));
  const cut = new Float32Array(positions.length * 2 * EXTERNAL_GRID.size ** 2);
  positions.forEach(({ slice, top, left }, i) => {
    const patch = cutPatch(sliceOf(image, slice), top, left, EXTERNAL_GRID.size);
    cut.set(patch, i * patch.length);
  });
  const labels = {
    sequence: new Uint8Array(positions.length).fill(sequenceIndex(volume.sequence)),
    tissue: new Uint8Array(positions.length).fill(TISSUE_CLASSES.indexOf(volume.tissueClass ?? 'unlabeled')),
    volume: positions.map(() => volume.id),
  };
  return { ...patchesInMemory(reducePatches(cut, EXTERNAL_GRID.size, size), size, labels), positions };
}
