import { fstatSync, readSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Module as LoadedModule } from 'h5wasm/node';
import { IsochromatError } from '../../domain/errors.ts';
import { contradictionInGlobalHeap, globalHeapIn } from './global-heap.ts';
import { limitMemory } from './memory-limit.ts';

/** The parts of the WebAssembly module that we call: h5wasm's functions, its memory and its file system. */
export type Hdf5Module = Omit<typeof LoadedModule, 'FS'> & {
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  FS: WatchedFileSystem;
};

/** Emscripten's file system over Node's own; every call of it that we watch. */
interface WatchedFileSystem {
  open(path: string, ...rest: unknown[]): unknown;
  read(stream: Stream, buffer: Uint8Array, offset: number, length: number, position?: number): number;
  write(stream: Stream, buffer: Uint8Array, offset: number, length: number, position?: number): number;
}
interface Stream {
  fd: number;
  nfd: number;
}

/** Looks at what is read while the processor still has it at hand. */
export interface Onlooker {
  /** Bytes `from` … `to` of the destination are there; whole numbers of 32 bits. */
  see(from: number, to: number): void;
  /** All is read anew, in another way. */
  forget(): void;
}

/** Where HDF5 believes to read to, and where the bytes shall land instead. */
interface Landing {
  pointer: number;
  bytes: Uint8Array;
  landed: number;
  onlooker: Onlooker | undefined;
}

/** What fits into a processor's own cache beside everything else. */
const PIECE = 1 << 18;

/**
 * The HDF5 library, compiled to WebAssembly (h5wasm), with some things watched:
 * - it opens no file but those it was told of: a file's links to other files, or data stored outside of it, lead nowhere;
 * - what it prints about an error is kept for the log instead of the terminal;
 * - it is not shown a global heap that contradicts itself, over which it would loop for ever;
 * - bytes that it would read straight into a destination of ours can land there without the way through its own memory;
 * - after a crash inside (a damaged file may cause one) this instance is not used again.
 */
export class Hdf5Library {
  private readonly module: Hdf5Module;
  private readonly openable = new Map<string, number>();
  private landing: Landing | undefined;
  private printed = '';
  private contradiction: string | undefined;
  private hasCrashed = false;

  private constructor(module: Hdf5Module) {
    this.module = module;
    const plugins = join(dirname(fileURLToPath(import.meta.resolve('h5wasm-plugins'))), 'plugins');
    module.insert_plugin_search_path(plugins, 0);
    this.watch(module.FS, join(plugins, 'libH5Zlzf.so'));
  }

  /** A new instance with memory of its own. */
  static async load(): Promise<Hdf5Library> {
    // h5wasm's own entry makes one instance for good; its factory, the file beside, makes as many as are needed.
    const factory = new URL('./hdf5_util.js', import.meta.resolve('h5wasm/node')).href;
    const { default: makeModule } = (await import(factory)) as {
      default: (options: object) => Promise<Hdf5Module>;
    };
    let library: Hdf5Library | undefined = undefined;
    const print = (text: string): void => library?.keep(`${text}\n`);
    const module = await makeModule({ noInitialRun: true, print, printErr: print });
    limitMemory(module);
    library = new Hdf5Library(module);
    return library;
  }

  get crashed(): boolean {
    return this.hasCrashed;
  }

  /** Permits HDF5 to open a file until `forbid`. */
  allow(path: string): void {
    const key = resolve(path);
    this.openable.set(key, (this.openable.get(key) ?? 0) + 1);
  }

  forbid(path: string): void {
    const key = resolve(path);
    const count = this.openable.get(key) ?? 0;
    if (count > 1) this.openable.set(key, count - 1);
    else this.openable.delete(key);
  }

  /** What HDF5 printed since the last question: its error stack. */
  takeDiagnostics(): string {
    const text = this.printed.trim();
    this.printed = '';
    return text;
  }

  /** Why it was not shown a piece of the file since the last question; undefined where nothing was kept from it. */
  takeContradiction(): string | undefined {
    const text = this.contradiction;
    this.contradiction = undefined;
    return text;
  }

  /** Calls into the library. A trap or abort inside marks the instance as unusable. */
  call<T>(work: (module: Hdf5Module) => T): T {
    if (this.hasCrashed) throw new Error('the HDF5 library has crashed before');
    try {
      return work(this.module);
    } catch (thrown) {
      if (thrown instanceof WebAssembly.RuntimeError) this.hasCrashed = true;
      throw thrown;
    }
  }

  /**
   * Lends a piece of the library's memory.
   * @param work gets its address
   */
  withMemory<T>(bytes: number, work: (module: Hdf5Module, pointer: number) => T): T {
    return this.call((module) => {
      const pointer = module._malloc(bytes);
      if (pointer === 0) {
        throw new IsochromatError({
          code: 'hdf5-memory',
          sentence: 'The HDF5 library has no room for so large a piece.',
          found: `${bytes} bytes`,
        });
      }
      try {
        return work(module, pointer);
      } finally {
        if (!this.hasCrashed) module._free(pointer);
      }
    });
  }

  /**
   * Reads a block of a dataset into `bytes`.
   * @param direct lets the bytes land there without a copy; only for data that HDF5 neither converts nor filters
   * @returns true when HDF5 reported success and every byte was delivered
   */
  readInto(
    file: bigint,
    dataset: string,
    offset: readonly number[],
    count: readonly number[],
    bytes: Uint8Array,
    direct: boolean,
    onlooker?: Onlooker,
  ): boolean {
    return this.withMemory(bytes.byteLength, (module, pointer) => {
      const landing = { pointer, bytes, landed: 0, onlooker };
      onlooker?.forget();
      if (direct) this.landing = landing;
      try {
        const strides = offset.map(() => 1n);
        const status = module.get_dataset_data(
          file,
          dataset,
          count.map(BigInt),
          offset.map(BigInt),
          strides,
          BigInt(pointer),
        );
        if (status < 0) return false;
        if (landing.landed > 0) return landing.landed === bytes.byteLength;
        bytes.set(module.HEAPU8.subarray(pointer, pointer + bytes.byteLength));
        onlooker?.see(0, bytes.byteLength);
        return true;
      } finally {
        this.landing = undefined;
      }
    });
  }

  private watch(fileSystem: WatchedFileSystem, filter: string): void {
    const { open, read, write } = fileSystem;
    fileSystem.open = (path, ...rest) => {
      const key = resolve(path);
      if (!this.openable.has(key) && key !== filter) throw noSuchFile();
      return open.call(fileSystem, path, ...rest);
    };
    fileSystem.read = (stream, buffer, offset, length, position) => {
      const landing = this.landing;
      if (landing !== undefined && position !== undefined) {
        const at = offset - landing.pointer;
        if (at >= 0 && at + length <= landing.bytes.byteLength) {
          const landed = land(stream.nfd, landing, at, length, position);
          landing.landed += landed;
          return landed;
        }
      }
      const bytes = read.call(fileSystem, stream, buffer, offset, length, position);
      if (position !== undefined) {
        this.refuseContradiction(stream, Buffer.from(buffer.buffer, buffer.byteOffset + offset, bytes), position);
      }
      return bytes;
    };
    fileSystem.write = (stream, buffer, offset, length, position) => {
      if (stream.fd > 2) return write.call(fileSystem, stream, buffer, offset, length, position);
      this.keep(Buffer.from(buffer.buffer, buffer.byteOffset + offset, length).toString('utf8'));
      return length;
    };
  }

  private refuseContradiction({ nfd }: Stream, piece: Buffer, position: number): void {
    const at = globalHeapIn(piece);
    if (at === undefined) return;
    const readAt = (bytes: Uint8Array, from: number): number => readSync(nfd, bytes, 0, bytes.length, from);
    const contradiction = contradictionInGlobalHeap(readAt, position + at, fstatSync(nfd).size);
    if (contradiction === undefined) return;
    this.contradiction = `the global heap at byte ${position + at}: ${contradiction}`;
    throw readError();
  }

  private keep(text: string): void {
    if (this.printed.length < 16384) this.printed += text;
  }
}

/** Reads from a file to where the bytes belong, in pieces where somebody looks at them. @returns how many there were */
function land(file: number, { bytes, onlooker }: Landing, at: number, length: number, position: number): number {
  if (onlooker === undefined) return readSync(file, bytes, at, length, position);
  let landed = 0;
  for (let from = 0; from < length && landed === from; from += PIECE) {
    const wanted = Math.min(PIECE, length - from);
    for (let count = 1; count > 0 && landed < from + wanted; landed += count) {
      count = readSync(file, bytes, at + landed, from + wanted - landed, position + landed);
    }
    if (landed === from + wanted) onlooker.see(at + from, at + landed);
  }
  return landed;
}

/** What Node says of a missing file; Emscripten turns its code into C's errno. */
function noSuchFile(): Error {
  return Object.assign(new Error('not one of the opened files'), { code: 'ENOENT' });
}

/** What Emscripten hands on to C as its EIO, which the library takes as a disk that does not read. */
function readError(): Error {
  return Object.assign(new Error('kept from the library'), { name: 'ErrnoError', errno: 29 });
}

let current: Promise<Hdf5Library> | undefined;

/** The library, made on first use, and made anew after a crash inside. */
export async function hdf5Library(): Promise<Hdf5Library> {
  if (current === undefined || (await current).crashed) current = Hdf5Library.load();
  return current;
}
