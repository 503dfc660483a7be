import type { Random } from '../domain/random.ts';
import type { TissueClass } from '../domain/tissue.ts';
import { intersection, overlap } from './boxes.ts';
import type { Rectangle } from './boxes.ts';
import { brainPositions } from './positions.ts';
import type { SlicePositions } from './positions.ts';
import type { PatchSettings } from './settings.ts';

/** A box on the stored image. */
export interface FindingBox extends Rectangle {
  id: number;
  slice: number;
  /** Its label makes a volume abnormal; boxes of other labels are only kept out of normal patches. */
  abnormal: boolean;
}

/** What patches are taken from. */
export interface PatchSource {
  slices: number;
  rows: number;
  columns: number;
  /** Brain mask, `[slices, rows, columns]`. */
  mask: Uint8Array;
  tissueClass: TissueClass;
  boxes: readonly FindingBox[];
}

/** Where a patch lies and what it shows. */
export interface PatchPosition {
  slice: number;
  top: number;
  left: number;
  tissueClass: TissueClass;
  /** The box it was placed around. */
  box: number | null;
}

/**
 * Draws the patches of one volume (design §5): from an abnormal one, patches around its abnormal boxes and normal ones
 * that touch no box; from others, patches at random places of its brain. No place is drawn twice; where a
 * volume has too few, there are fewer patches. The same generator state gives the same patches.
 */
export function extractPositions(source: PatchSource, settings: PatchSettings, random: Random): PatchPosition[] {
  const { perVolume } = settings;
  if (source.tissueClass !== 'abnormal') {
    const wanted = source.tissueClass === 'normal' ? perVolume.normal : perVolume.unlabeled;
    return drawAcrossSlices(positionsInSlices(source, settings), wanted, source.tissueClass, random);
  }
  const abnormal = aroundBoxes(source, settings, random);
  const clear = positionsInSlices(source, settings, (slice, patch) =>
    source.boxes.every((box) => box.slice !== slice || !touches(patch, box)),
  );
  return [...abnormal, ...drawAcrossSlices(clear, perVolume.normalBesideBoxes, 'normal', random)];
}

/**
 * How many patches each box is given: a base number and more with its area, the sum brought into the volume's limits in
 * proportion (largest remainder).
 */
export function patchesPerBox(boxes: readonly Rectangle[], settings: PatchSettings): number[] {
  const { perBox, perVolume, size } = settings;
  const shares = boxes.map(({ height, width }) => {
    const area = height * width;
    return area > 0 ? perBox.base + (perBox.perPatchArea * area) / (size * size) : 0;
  });
  const sum = shares.reduce((a, b) => a + b, 0);
  if (sum === 0) return shares;
  const total = Math.min(Math.max(Math.round(sum), perVolume.abnormal.minimum), perVolume.abnormal.maximum);
  const exact = shares.map((share) => (share * total) / sum);
  const counts = exact.map(Math.floor);
  const order = exact.map((_, i) => i).sort((a, b) => exact[b]! - counts[b]! - (exact[a]! - counts[a]!) || a - b);
  const missing = total - counts.reduce((a, b) => a + b, 0);
  for (const i of order.slice(0, missing)) counts[i] = counts[i]! + 1;
  return counts;
}

function aroundBoxes(source: PatchSource, settings: PatchSettings, random: Random): PatchPosition[] {
  const { size, minimumOverlap } = settings;
  const boxes = source.boxes.filter((box) => box.abnormal && box.slice < source.slices);
  const counts = patchesPerBox(boxes, settings);
  // Boxes of one slice overlap at times; a place belongs to the box that drew it first.
  const taken = new Set<string>();
  return boxes.flatMap((box, i) => {
    const places = brainPositions(
      sliceMask(source, box.slice),
      { ...source, slice: box.slice },
      settings,
      (top, left) =>
        overlap({ top, left, height: size, width: size }, box) >= minimumOverlap &&
        !taken.has(`${box.slice} ${top * source.columns + left}`),
    );
    const drawn = drawSome(places.positions, counts[i]!, random);
    for (const place of drawn) taken.add(`${box.slice} ${place}`);
    return drawn.map((place) => ({ ...placed(places, place), tissueClass: 'abnormal' as const, box: box.id }));
  });
}

/** The places of every slice that has any. */
function positionsInSlices(
  source: PatchSource,
  settings: PatchSettings,
  accept: (slice: number, patch: Rectangle) => boolean = () => true,
): SlicePositions[] {
  const { size } = settings;
  const found: SlicePositions[] = [];
  for (let slice = 0; slice < source.slices; slice++) {
    const places = brainPositions(sliceMask(source, slice), { ...source, slice }, settings, (top, left) =>
      accept(slice, { top, left, height: size, width: size }),
    );
    if (places.positions.length > 0) found.push(places);
  }
  return found;
}

/** As many from each slice as from any other, as far as they go: slices in random order, one place each in turn. */
function drawAcrossSlices(
  slices: readonly SlicePositions[],
  wanted: number,
  tissueClass: TissueClass,
  random: Random,
): PatchPosition[] {
  const order = random.shuffled(slices);
  const counts = order.map(() => 0);
  let open = wanted;
  while (open > 0 && order.some((places, i) => counts[i]! < places.positions.length)) {
    for (let i = 0; i < order.length && open > 0; i++) {
      if (counts[i]! >= order[i]!.positions.length) continue;
      counts[i] = counts[i]! + 1;
      open--;
    }
  }
  return order.flatMap((places, i) =>
    drawSome(places.positions, counts[i]!, random).map((place) => ({
      ...placed(places, place),
      tissueClass,
      box: null,
    })),
  );
}

/** `count` different elements in random order (the first steps of a Fisher–Yates shuffle), or all there are. */
function drawSome(from: Uint32Array, count: number, random: Random): number[] {
  const pool = from.slice();
  const drawn: number[] = [];
  for (let i = 0; i < Math.min(count, pool.length); i++) {
    const j = random.integer(i, pool.length - 1);
    [pool[i], pool[j]] = [pool[j]!, pool[i]!];
    drawn.push(pool[i]!);
  }
  return drawn;
}

function placed({ slice, columns }: SlicePositions, place: number): { slice: number; top: number; left: number } {
  return { slice, top: Math.floor(place / columns), left: place % columns };
}

/** A degenerate box still marks a place: it is given the extent of a pixel. */
function touches(patch: Rectangle, box: Rectangle): boolean {
  return intersection(patch, { ...box, height: Math.max(box.height, 1), width: Math.max(box.width, 1) }) > 0;
}

function sliceMask({ mask, rows, columns }: PatchSource, slice: number): Uint8Array {
  return mask.subarray(slice * rows * columns, (slice + 1) * rows * columns);
}
