/** Element types of `.npy` files that we read and write, by numpy's name. Complex elements are interleaved re, im. */
export const NPY_DTYPES = {
  bool: { code: 'b1', bytes: 1, components: 1, array: Uint8Array },
  int8: { code: 'i1', bytes: 1, components: 1, array: Int8Array },
  int16: { code: 'i2', bytes: 2, components: 1, array: Int16Array },
  int32: { code: 'i4', bytes: 4, components: 1, array: Int32Array },
  int64: { code: 'i8', bytes: 8, components: 1, array: BigInt64Array },
  uint8: { code: 'u1', bytes: 1, components: 1, array: Uint8Array },
  uint16: { code: 'u2', bytes: 2, components: 1, array: Uint16Array },
  uint32: { code: 'u4', bytes: 4, components: 1, array: Uint32Array },
  uint64: { code: 'u8', bytes: 8, components: 1, array: BigUint64Array },
  float32: { code: 'f4', bytes: 4, components: 1, array: Float32Array },
  float64: { code: 'f8', bytes: 8, components: 1, array: Float64Array },
  complex64: { code: 'c8', bytes: 8, components: 2, array: Float32Array },
  complex128: { code: 'c16', bytes: 16, components: 2, array: Float64Array },
} as const;

export type NpyDtype = keyof typeof NPY_DTYPES;

/** The array that holds elements of a type: `complex64` a Float32Array of twice the length, `bool` a Uint8Array of 0 and 1. */
export type NpyData<D extends NpyDtype = NpyDtype> = InstanceType<(typeof NPY_DTYPES)[D]['array']>;

/** An array with its shape, which counts elements (complex ones count once). */
export interface NpyArray<D extends NpyDtype = NpyDtype> {
  shape: number[];
  dtype: D;
  data: NpyData<D>;
}

/** The type that an array has when nothing else is said; complex types must be said. */
export function dtypeOf(data: NpyData): NpyDtype {
  const name = data.constructor.name;
  for (const [dtype, { array, components }] of Object.entries(NPY_DTYPES)) {
    if (dtype !== 'bool' && components === 1 && array.name === name) return dtype as NpyDtype;
  }
  throw new TypeError(`No .npy type holds the elements of a ${name}.`);
}

/** Makes room for `elements` elements. */
export function allocate<D extends NpyDtype>(dtype: D, elements: number): NpyData<D> {
  const { array, components } = NPY_DTYPES[dtype];
  return new array(elements * components) as NpyData<D>;
}

/** The bytes of an array, sharing its memory. */
export function bytesOf(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Reverses the bytes of every number in place: big-endian files become ours. */
export function swapByteOrder(data: NpyData): void {
  const buffer = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (data.BYTES_PER_ELEMENT === 2) buffer.swap16();
  else if (data.BYTES_PER_ELEMENT === 4) buffer.swap32();
  else if (data.BYTES_PER_ELEMENT === 8) buffer.swap64();
}
