import { IsochromatError } from '../../domain/errors.ts';
import { bytesOf } from '../npy/dtype.ts';
import { hdf5Library } from './library.ts';
import type { Hdf5Library, Hdf5Module } from './library.ts';

/** HDF5's classes of types (H5T_class_t), as in the metadata that h5wasm takes. */
const FLOAT = { type: 1, vlen: false, signed: false, littleEndian: true };
const DTYPES = {
  float32: { ...FLOAT, size: 4 },
  float64: { ...FLOAT, size: 8 },
  /** The compound that h5py takes for a complex number. */
  complex64: {
    type: 6,
    size: 8,
    vlen: false,
    signed: false,
    littleEndian: true,
    compound_type: {
      nmembers: 2,
      members: [
        { ...FLOAT, size: 4, name: 'r', offset: 0 },
        { ...FLOAT, size: 4, name: 'i', offset: 4 },
      ],
    },
  },
  /** UTF-8 of variable length. */
  text: { type: 3, size: 4, vlen: true, cset: 1, signed: false, littleEndian: true },
};

/** A new HDF5 file, written slice by slice: memory holds one slice of a dataset. */
export class Hdf5Writer {
  readonly path: string;
  private readonly library: Hdf5Library;
  private readonly id: bigint;
  private readonly written = new Map<string, number>();
  private open = true;

  private constructor(path: string, library: Hdf5Library, id: bigint) {
    this.path = path;
    this.library = library;
    this.id = id;
  }

  /** Begins a file; an existing one is not touched. */
  static async create(path: string): Promise<Hdf5Writer> {
    const library = await hdf5Library();
    library.allow(path);
    library.takeDiagnostics();
    const id = undated(() => library.call((module) => module.open(path, module.H5F_ACC_EXCL, false, -1, -1)));
    if (id >= 0n) return new Hdf5Writer(path, library, id);
    library.forbid(path);
    throw writeError(path, library.takeDiagnostics());
  }

  /** A scalar text dataset of variable length, UTF-8. */
  writeText(name: string, text: string): void {
    this.work((module) => module.create_vlen_str_dataset(this.id, name, [text], described('text', [], [])));
  }

  /** A scalar attribute of the root group: text, or a number in double precision. */
  writeAttribute(name: string, value: string | number): void {
    if (typeof value === 'string') {
      const metadata = described('text', [], []);
      this.work((module) => module.create_vlen_str_attribute(this.id, '/', name, [value], metadata));
      return;
    }
    const metadata = described('float64', [], []);
    this.withBytes(Float64Array.of(value), (module, pointer) =>
      module.create_attribute(this.id, '/', name, pointer, metadata),
    );
  }

  /**
   * Writes the next slice of a dataset, which is made with the first one, one chunk a slice.
   * @param shape of one slice
   * @param slices how many the dataset will have
   */
  appendSlice(
    name: string,
    dtype: 'float32' | 'complex64',
    shape: readonly number[],
    slices: number,
    data: Float32Array,
  ): void {
    const index = this.written.get(name) ?? 0;
    this.written.set(name, index + 1);
    const count = [1n, ...shape.map(BigInt)];
    if (index === 0) {
      const whole = [BigInt(slices), ...shape.map(BigInt)];
      const metadata = { ...described(dtype, count, whole), chunks: count };
      this.withBytes(data, (module, pointer) => module.create_dataset(this.id, name, pointer, metadata));
      if (slices > 1) this.work((module) => module.resize_dataset(this.id, name, whole));
      return;
    }
    const offset = [BigInt(index), ...shape.map(() => 0n)];
    const strides = count.map(() => 1n);
    this.withBytes(data, (module, pointer) => module.set_dataset_data(this.id, name, count, offset, strides, pointer));
  }

  /** Completes the file. */
  close(): void {
    if (!this.open) return;
    this.open = false;
    this.library.forbid(this.path);
    if (this.library.crashed) return;
    const status = undated(() => this.library.call((module) => module.close_file(this.id)));
    if (status < 0) throw writeError(this.path, this.library.takeDiagnostics());
  }

  private work(task: (module: Hdf5Module) => number): void {
    if (undated(() => this.library.call(task)) < 0) throw writeError(this.path, this.library.takeDiagnostics());
  }

  private withBytes(data: ArrayBufferView, task: (module: Hdf5Module, pointer: bigint) => number): void {
    const status = this.library.withMemory(data.byteLength, (module, pointer) => {
      module.HEAPU8.set(bytesOf(data), pointer);
      return undated(() => task(module, BigInt(pointer)));
    });
    if (status < 0) throw writeError(this.path, this.library.takeDiagnostics());
  }
}

/**
 * Runs a call into the library while its clock stands at 1970. HDF5 dates every object that it writes and h5wasm cannot be told not to; the
 * same content must give the same bytes, for a file is known by its hash. The call is synchronous: nobody else sees this clock.
 */
function undated<T>(call: () => T): T {
  const clock = Date.now;
  Date.now = () => 0;
  try {
    return call();
  } finally {
    Date.now = clock;
  }
}

type WrittenMetadata = Parameters<Hdf5Module['create_dataset']>[3];

function described(dtype: keyof typeof DTYPES, shape: bigint[], maxshape: bigint[]): WrittenMetadata {
  return { ...DTYPES[dtype], shape, maxshape } as unknown as WrittenMetadata;
}

function writeError(path: string, diagnostics: string): IsochromatError {
  return new IsochromatError({
    code: 'write-failed',
    sentence: 'The HDF5 file could not be written.',
    subject: path,
    remedy: 'Check that the disk has room and the folder can be written to.',
    cause: diagnostics,
  });
}
