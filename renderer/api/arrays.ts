import { ByteCache } from './byte-cache.ts';
import { problemOf } from './problem.ts';

/** Samples as the engine sends them; `complex64` is interleaved re, im in a Float32Array. */
export interface FetchedArray {
  type: 'complex64' | 'float32' | 'int16' | 'uint8';
  /** Row-major; counts complex samples where the type is complex. */
  shape: readonly number[];
  data: Float32Array | Int16Array | Uint8Array;
  /** value = stored · scale + offset; 1 and 0 but for int16. */
  scale: number;
  offset: number;
}

const MAKERS = {
  complex64: (body: ArrayBuffer) => new Float32Array(body),
  float32: (body: ArrayBuffer) => new Float32Array(body),
  int16: (body: ArrayBuffer) => new Int16Array(body),
  uint8: (body: ArrayBuffer) => new Uint8Array(body),
} as const;

/** Small pictures, asked for again and again while a list is scrolled. Volumes are the viewer's to keep. */
const cache = new ByteCache<Promise<FetchedArray>>(64 * 2 ** 20);

/**
 * Fetches an array below `/arrays/`, little-endian as this machine has it.
 * @param path `volumes/axt2-ab12/slices/3?part=complex`
 * @throws what the engine says is wrong (`problemOf`), or an AbortError
 */
export async function fetchArray(path: string, init: RequestInit = {}): Promise<FetchedArray> {
  const response = await fetch(`/arrays/${path}`, init);
  if (!response.ok) throw problemOf(await response.json().catch(() => new Error(response.statusText)));
  const type = response.headers.get('x-type');
  if (type === null || !(type in MAKERS)) throw new Error(`The engine sent an array of an unknown type: ${type}.`);
  const shape = (response.headers.get('x-shape') ?? '').split(',').map(Number);
  return {
    type: type as FetchedArray['type'],
    shape,
    data: MAKERS[type as FetchedArray['type']](await response.arrayBuffer()),
    scale: Number(response.headers.get('x-scale') ?? 1),
    offset: Number(response.headers.get('x-offset') ?? 0),
  };
}

/** The same, kept in memory (64 MB of the latest) and fetched once however many ask at a time. */
export function fetchPicture(path: string): Promise<FetchedArray> {
  const known = cache.get(path);
  if (known !== undefined) return known;
  const asked = fetchArray(path);
  cache.set(path, asked, 0);
  asked.then(
    (array) => cache.set(path, asked, array.data.byteLength),
    () => cache.delete(path),
  );
  return asked;
}

/** Where a slice of a volume is to be had, small; the middle one where none is named. */
export function thumbnailPath(volume: string, part: 'magnitude' | 'phase', size = 96, slice?: number): string {
  return `volumes/${volume}/thumbnail?part=${part}&size=${size}${slice === undefined ? '' : `&slice=${slice}`}`;
}
