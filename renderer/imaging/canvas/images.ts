import cornerstone from 'cornerstone-core';
import type { CornerstoneImage } from 'cornerstone-core';
import { phaseEntries } from '../colour/phase-map.ts';
import { loadCoil } from '../coils.ts';
import { isCoilComponent, isPhase } from '../components.ts';
import type { CoilComponent, Component, Slice } from '../components.ts';
import { displayCopy, LARGEST, valuesOf } from '../display-copy.ts';
import type { DisplayCopy } from '../display-copy.ts';
import { relative } from '../phase.ts';
import { loadSlice, loadSpectrum, takeCopy, takeEntries } from '../slices.ts';
import { levelsOf } from '../window.ts';
import type { GreyWindow, Levels } from '../window.ts';
import { renderGrey } from './grey-renderer.ts';
import { renderPhase } from './phase-renderer.ts';
import type { PhaseImage } from './phase-renderer.ts';

/** What a pane shows. */
export interface ImageKey {
  volume: string;
  slice: number;
  component: Component;
  /** Phase against this slice of the same volume. */
  reference?: number;
  /** Of the components of one coil: which, from 0. */
  coil?: number;
  spacing: readonly [row: number, column: number] | null;
}

/** An image of ours among cornerstone's: knows what its stored numbers mean. */
export interface SliceImage extends CornerstoneImage {
  scale: number;
  /** The largest magnitude; of components with a sign, the largest absolute value. */
  largest: number;
  /** Percentiles; only the first image of a volume is asked for them. */
  levels: () => Levels;
}

const SCHEME = 'isochromat';
/** Display copies of about a hundred 320 × 320 slices in four components. */
const MOST_BYTES = 96 * 1024 * 1024;

let ready = false;

/** Whether the image is made already. */
export function hasImage(key: ImageKey): boolean {
  return cornerstone.imageCache.getImageLoadObject(imageIdOf(key)) !== undefined;
}

/** The image of a key, from cornerstone's cache where it is there. */
export function loadImage(key: ImageKey): Promise<SliceImage> {
  if (!ready) {
    cornerstone.imageCache.setMaximumSizeBytes(MOST_BYTES);
    cornerstone.registerImageLoader(SCHEME, (id) => ({ promise: makeImage(id) }));
    ready = true;
  }
  return cornerstone.loadAndCacheImage(imageIdOf(key)) as Promise<SliceImage>;
}

/** cornerstone knows images by text; ours holds the whole key. */
export function imageIdOf({ volume, slice, component, reference, coil, spacing }: ImageKey): string {
  const [row, column] = spacing ?? [1, 1];
  return `${SCHEME}:${[volume, slice, component, reference ?? '', row, column, coil ?? ''].join('/')}`;
}

export function forgetImages(): void {
  cornerstone.imageCache.purgeCache();
}

async function makeImage(imageId: string): Promise<SliceImage> {
  const parts = imageId.slice(SCHEME.length + 1).split('/');
  const [volume, index, component, reference, row, column, coil] = parts as [
    string,
    string,
    Component,
    string,
    string,
    string,
    string,
  ];
  const slice = await loadSlice(volume, Number(index));
  const shape = { rows: slice.rows, columns: slice.columns, spacing: [Number(row), Number(column)] as const };
  if (isCoilComponent(component)) {
    return coilImage(imageId, slice, await loadCoil(volume, Number(index), Number(coil), component), component, shape);
  }
  if (component === 'kspace') return greyImage(imageId, displayCopy(await loadSpectrum(volume, Number(index))), shape);
  if (component !== 'phase') return greyImage(imageId, takeCopy(slice, component), shape);
  const against = reference === '' ? undefined : await loadSlice(volume, Number(reference));
  return phaseImage(imageId, slice, against, shape);
}

interface ImageShape {
  rows: number;
  columns: number;
  spacing: readonly [row: number, column: number];
}

function greyImage(imageId: string, copy: DisplayCopy, shape: ImageShape): SliceImage {
  return {
    ...common(imageId, copy.stored, shape),
    sizeInBytes: copy.stored.byteLength,
    render: renderGrey,
    scale: copy.scale,
    largest: copy.scale * LARGEST,
    levels: once(() => levelsOf(valuesOf(copy))),
  };
}

/** Sensitivities mean something where there is signal: their phase fades by the magnitude of the image. */
function coilImage(
  imageId: string,
  image: Slice,
  coil: Slice,
  component: CoilComponent,
  shape: ImageShape,
): SliceImage {
  if (!isPhase(component)) return greyImage(imageId, takeCopy(coil, 'magnitude'), shape);
  return phaseImage(imageId, coil, undefined, shape, component === 'sensitivity-phase' ? image : coil);
}

/**
 * Stored are entries of the phase map, so that drawing needs no arithmetic.
 * @param faded whose magnitude says where phase fades out
 */
function phaseImage(
  imageId: string,
  slice: Slice,
  reference: Slice | undefined,
  shape: ImageShape,
  faded = slice,
): SliceImage {
  const entries = reference === undefined ? takeEntries(slice) : phaseEntries(relative(slice.data, reference.data));
  const signal = takeCopy(faded, 'magnitude');
  const image: SliceImage & PhaseImage = {
    ...common(imageId, entries, shape),
    color: true,
    // Its magnitude belongs to the slice, and is counted there, but lives as long as this image.
    sizeInBytes: entries.byteLength + signal.stored.byteLength,
    signal,
    largest: signal.scale * LARGEST,
    levels: once(() => levelsOf(valuesOf(signal))),
    render: renderPhase,
  };
  return image;
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function common(imageId: string, stored: Int16Array, { rows, columns, spacing }: ImageShape): SliceImage {
  return {
    imageId,
    minPixelValue: 0,
    maxPixelValue: LARGEST,
    slope: 1,
    intercept: 0,
    windowCenter: 16384,
    windowWidth: LARGEST,
    getPixelData: () => stored,
    rows,
    columns,
    height: rows,
    width: columns,
    color: false,
    invert: false,
    rowPixelSpacing: spacing[0],
    columnPixelSpacing: spacing[1],
    sizeInBytes: 0,
    scale: 1,
    largest: 1,
    levels: () => levelsOf(new Float32Array(0)),
  };
}

/** A window in the image's units as cornerstone takes it, in stored numbers. */
export function storedWindow(
  { centre, width }: GreyWindow,
  { scale }: SliceImage,
): {
  windowCenter: number;
  windowWidth: number;
} {
  return { windowCenter: centre / scale, windowWidth: width / scale };
}
