import { IsochromatError } from '../../main/domain/errors.ts';
import { fetchArray } from '../api/arrays.ts';
import { phaseEntries } from './colour/phase-map.ts';
import { componentOf } from './components.ts';
import type { ComplexPart, Slice } from './components.ts';
import { displayCopy } from './display-copy.ts';
import type { DisplayCopy } from './display-copy.ts';
import { magnitudeCopy } from './prepare.ts';
import type { Prepared } from './prepare.ts';
import { bringBlock } from './slice-bringer.ts';
import { ByteCache } from './slice-cache.ts';

/** Bytes of complex slices kept at hand: what the cursor reads, and what display copies are made of. */
const MOST_BYTES = 160 * 1024 * 1024;

/** What is kept is kept here: the browser would write every slice into a cache of its own besides, and leave it on the disk. */
const PASSING: RequestInit = { cache: 'no-store' };

// A quarter more for the display copy of its magnitude.
const slices = new ByteCache<Slice>(MOST_BYTES, ({ data }) => 1.25 * data.byteLength);
const masks = new ByteCache<Uint8Array>(16 * 1024 * 1024, (mask) => mask.byteLength);
const spectra = new ByteCache<Float32Array>(32 * 1024 * 1024, (values) => values.byteLength);

/** A complex slice of a volume, from the engine or from what was kept. */
export function loadSlice(volume: string, index: number): Promise<Slice> {
  return slices.get(`${volume}/${index}`, () => fetchSlice(volume, index));
}

async function fetchSlice(volume: string, index: number): Promise<Slice> {
  const { data, type, shape } = await fetchArray(`volumes/${volume}/slices/${index}?part=complex&as=native`, PASSING);
  const [rows, columns] = shape.slice(-2);
  if (!(data instanceof Float32Array) || type !== 'complex64') throw unexpected('complex values', type);
  return { rows: rows!, columns: columns!, data };
}

/** Slices asked for together: less would be many requests, more would keep the one that is waited for. */
const TOGETHER = 4;
/** While this many of the next ones are at hand or on their way, none is asked for. */
const NEAR = 8;

/**
 * Brings slices of a volume in few requests, neighbours together. Those that are there or on their way are left out, and while the
 * next ones are at hand nothing is asked for.
 * @param wanted in the order in which they will be shown
 * @param components that will be shown of them
 */
export async function bringSlices(
  volume: string,
  wanted: readonly number[],
  components: readonly ComplexPart[],
): Promise<void> {
  const missing = wanted.filter((index) => !slices.has(`${volume}/${index}`));
  const near = wanted.slice(0, NEAR);
  if (!near.some((index) => missing.includes(index))) return;
  const runs: number[][] = [];
  for (const index of missing.toSorted((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run !== undefined && run.at(-1) === index - 1 && run.length < TOGETHER) run.push(index);
    else runs.push([index]);
  }
  await Promise.all(runs.map((run) => bringRun(volume, run[0]!, run.at(-1)!, components)));
}

async function bringRun(
  volume: string,
  first: number,
  last: number,
  components: readonly ComplexPart[],
): Promise<void> {
  const range = first === last ? String(first) : `${first}-${last}`;
  const path = `/arrays/volumes/${volume}/slices/${range}?part=complex&as=native`;
  // Where the worker cannot bring them the page does, or says why not.
  const block = bringBlock(path, components).catch(() => undefined);
  const all = Array.from({ length: last - first + 1 }, (_, i) =>
    slices.get(`${volume}/${first + i}`, async () => {
      const brought = (await block)?.[i];
      if (brought === undefined) return fetchSlice(volume, first + i);
      const { slice, prepared } = brought;
      magnitudes.set(slice, prepared.copies.magnitude);
      ready.set(slice, prepared);
      return slice;
    }),
  );
  await Promise.all(all);
}

/** What the worker made of slices, until their pictures are made of it. */
const ready = new WeakMap<Slice, Prepared>();

const magnitudes = new WeakMap<Slice, DisplayCopy>();

/**
 * The display copy of a component. That of magnitude stays with its slice: its own picture needs it, and the one of phase to fade noise
 * out. Others are given away once, since what shows them keeps them.
 */
export function takeCopy(slice: Slice, component: ComplexPart): DisplayCopy {
  if (component === 'magnitude') {
    const copy = magnitudes.get(slice) ?? magnitudeCopy(slice);
    magnitudes.set(slice, copy);
    return copy;
  }
  const prepared = ready.get(slice);
  const copy = prepared?.copies[component];
  if (copy === undefined) return displayCopy(componentOf(slice, component));
  delete prepared!.copies[component];
  return copy;
}

/** The entries of a slice's phase, likewise. */
export function takeEntries(slice: Slice): Int16Array {
  const prepared = ready.get(slice);
  const entries = prepared?.entries;
  if (entries === undefined) return phaseEntries(slice.data);
  delete prepared!.entries;
  return entries;
}

/** The slice if it is at hand already. */
export function sliceAtHand(volume: string, index: number): Slice | undefined {
  return slices.peek(`${volume}/${index}`);
}

/** The brain mask of a slice, `[rows, columns]`. */
export function loadMask(volume: string, index: number): Promise<Uint8Array> {
  return masks.get(`${volume}/${index}`, async () => {
    const { data } = await fetchArray(`volumes/${volume}/slices/${index}?part=mask&as=native`, PASSING);
    if (!(data instanceof Uint8Array)) throw unexpected('a mask of bytes', 'other values');
    return data;
  });
}

/** Magnitude of a slice's k-space in decibels below its largest sample, the centre in the middle. */
export function loadSpectrum(volume: string, index: number): Promise<Float32Array> {
  return spectra.get(`${volume}/${index}`, async () => {
    const { data } = await fetchArray(`volumes/${volume}/kspace/${index}`, PASSING);
    if (!(data instanceof Float32Array)) throw unexpected('float32 values', 'other values');
    return data;
  });
}

/** Forgets a volume's images, or all. */
export function forgetSlices(volume?: string): void {
  const prefix = volume === undefined ? '' : `${volume}/`;
  slices.forget(prefix);
  masks.forget(prefix);
  spectra.forget(prefix);
}

function unexpected(expected: string, found: string): IsochromatError {
  return new IsochromatError({
    code: 'array-damaged',
    sentence: 'The engine sent another kind of image than was asked for.',
    expected,
    found,
  });
}
