import { IsochromatError } from '../../main/domain/errors.ts';
import { fetchArray } from '../api/arrays.ts';
import type { Slice } from './components.ts';
import { ByteCache } from './slice-cache.ts';

/** Bytes of complex slices kept at hand: what the cursor reads, and what display copies are made of. */
const MOST_BYTES = 160 * 1024 * 1024;

const slices = new ByteCache<Slice>(MOST_BYTES, ({ data }) => data.byteLength);
const masks = new ByteCache<Uint8Array>(16 * 1024 * 1024, (mask) => mask.byteLength);
const spectra = new ByteCache<Float32Array>(32 * 1024 * 1024, (values) => values.byteLength);

/** A complex slice of a volume, from the engine or from what was kept. */
export function loadSlice(volume: string, index: number): Promise<Slice> {
  return slices.get(`${volume}/${index}`, async () => {
    const { data, type, shape } = await fetchArray(`volumes/${volume}/slices/${index}?part=complex&as=native`);
    const [rows, columns] = shape.slice(-2);
    if (!(data instanceof Float32Array) || type !== 'complex64') throw unexpected('complex values', type);
    return { rows: rows!, columns: columns!, data };
  });
}

/** The slice if it is at hand already. */
export function sliceAtHand(volume: string, index: number): Slice | undefined {
  return slices.peek(`${volume}/${index}`);
}

/** The brain mask of a slice, `[rows, columns]`. */
export function loadMask(volume: string, index: number): Promise<Uint8Array> {
  return masks.get(`${volume}/${index}`, async () => {
    const { data } = await fetchArray(`volumes/${volume}/slices/${index}?part=mask&as=native`);
    if (!(data instanceof Uint8Array)) throw unexpected('a mask of bytes', 'other values');
    return data;
  });
}

/** Logarithm of the magnitude of a slice's k-space, its centre in the middle. */
export function loadSpectrum(volume: string, index: number): Promise<Float32Array> {
  return spectra.get(`${volume}/${index}`, async () => {
    const { data } = await fetchArray(`volumes/${volume}/kspace/${index}`);
    if (!(data instanceof Float32Array)) throw unexpected('float32 values', 'other values');
    return data;
  });
}

/** Bytes held at the moment. */
export function sliceBytes(): number {
  return slices.bytes + masks.bytes + spectra.bytes;
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
