import type { BackendValues, DataId, DataType, TensorInfo } from '@tensorflow/tfjs-core';
import { DataStorage, KernelBackend, engine, util } from '@tensorflow/tfjs-core';
import { IsochromatError } from '../../../domain/errors.ts';
import { Arena } from '../../../kernels/arena.ts';
import type { KernelPool } from '../../../kernels/thread-pool.ts';

export const backendName = 'cpu-simd';

/** Where a tensor's values are: a block of the shared memory, or JavaScript values for strings. */
interface Stored {
  dtype: DataType;
  size: number;
  refCount: number;
  block: number;
  strings?: Uint8Array[];
}

type Values = Float32Array | Int32Array | Uint8Array;

/** Work below which a second thread costs more than it saves, in units of one cheap operation on one element. */
const smallWork = 16_384;

/**
 * TensorFlow.js backend whose tensors live in the memory of a KernelPool. Everything is synchronous: when a kernel function
 * returns, its result is complete, and `readSync` is a copy.
 */
export class CpuSimdBackend extends KernelBackend {
  readonly pool: KernelPool;
  readonly arena: Arena;
  readonly #data: DataStorage<Stored>;
  #nextId = 0;
  #bytes: ArrayBufferLike;
  #u8: Uint8Array;

  constructor(pool: KernelPool) {
    super();
    this.pool = pool;
    this.arena = new Arena(pool.memory, pool.dataStart);
    this.#data = new DataStorage<Stored>(this, engine());
    this.#bytes = pool.memory.buffer;
    this.#u8 = new Uint8Array(this.#bytes);
  }

  /**
   * Runs a kernel of main/kernels/assembly: `words` are its integer arguments, `reals` the single-precision ones by place. It runs on all
   * threads where `work` (about the number of elementary operations) is worth it.
   */
  run(kernel: string, words: readonly number[], reals: Readonly<Record<number, number>> | null, work: number): void {
    const { integers, reals: numbers } = this.pool;
    for (let i = 0; i < words.length; i++) integers[i] = words[i] as number;
    if (reals !== null) for (const place in reals) numbers[place] = reals[place] as number;
    this.pool.run(this.pool.kernel(kernel), work >= smallWork);
  }

  /** A fresh tensor with undefined contents. */
  output(shape: readonly number[], dtype: DataType = 'float32'): TensorInfo {
    const size = util.sizeFromShape(shape as number[]);
    const dataId = { id: this.#nextId++ };
    this.#data.set(dataId, { dtype, size, refCount: 1, block: this.arena.allocate(size * bytesOf(dtype)) });
    return { dataId, shape: shape as number[], dtype };
  }

  /** The same data under another shape. */
  view(tensor: TensorInfo, shape: readonly number[], dtype: DataType = tensor.dtype): TensorInfo {
    this.incRef(tensor.dataId);
    return { dataId: tensor.dataId, shape: shape as number[], dtype };
  }

  /** Byte address of a tensor's values. */
  address(tensor: TensorInfo): number {
    return this.arena.address(this.#data.get(tensor.dataId).block);
  }

  /** Memory for the time of one kernel call; `body` gets its address. */
  withScratch<T>(bytes: number, body: (address: number) => T): T {
    const block = this.arena.allocate(bytes);
    try {
      return body(this.arena.address(block));
    } finally {
      this.arena.release(block);
    }
  }

  /** Frees a tensor that never left the backend. */
  free(tensor: TensorInfo): void {
    this.disposeData(tensor.dataId);
  }

  /** The values themselves, not a copy; valid until the next allocation. */
  values(tensor: TensorInfo): Values {
    return this.#view(this.#data.get(tensor.dataId));
  }

  override write(values: BackendValues, shape: number[], dtype: DataType): DataId {
    const dataId = { id: this.#nextId++ };
    this.move(dataId, values, shape, dtype, 1);
    return dataId;
  }

  override move(dataId: DataId, values: BackendValues, shape: number[], dtype: DataType, refCount: number): void {
    if (dtype === 'complex64') {
      throw new IsochromatError({
        code: 'dtype-unsupported',
        sentence: 'The cpu-simd backend has no complex tensors.',
        expected: 'real and imaginary part as a last axis of 2',
        found: `complex64 of shape [${shape.join(', ')}]`,
      });
    }
    if (dtype === 'string') {
      const strings = values as Uint8Array[];
      this.#data.set(dataId, { dtype, size: strings.length, refCount, block: -1, strings });
      return;
    }
    const size = util.sizeFromShape(shape);
    const block = this.arena.allocate(size * bytesOf(dtype));
    const stored = { dtype, size, refCount, block };
    this.#data.set(dataId, stored);
    this.#view(stored).set(values as Values);
  }

  override readSync(dataId: DataId): BackendValues {
    const stored = this.#data.get(dataId);
    return stored.strings ?? this.#view(stored).slice();
  }

  override read(dataId: DataId): Promise<BackendValues> {
    return Promise.resolve(this.readSync(dataId));
  }

  override disposeData(dataId: DataId, force = false): boolean {
    if (!this.#data.has(dataId)) return true;
    const stored = this.#data.get(dataId);
    stored.refCount--;
    if (!force && stored.refCount > 0) return false;
    if (stored.block >= 0) this.arena.release(stored.block);
    this.#data.delete(dataId);
    return true;
  }

  override refCount(dataId: DataId): number {
    return this.#data.has(dataId) ? this.#data.get(dataId).refCount : 0;
  }

  override incRef(dataId: DataId): void {
    this.#data.get(dataId).refCount++;
  }

  override numDataIds(): number {
    return this.#data.numDataIds();
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  override timerAvailable(): boolean {
    return true;
  }

  override async time(f: () => void): Promise<{ kernelMs: number }> {
    const start = performance.now();
    f();
    return { kernelMs: performance.now() - start };
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override dispose(): void {
    void this.pool.close();
  }

  #view({ dtype, size, block }: Stored): Values {
    // After growth `memory.buffer` is another, longer object over the same bytes.
    if (this.#bytes !== this.pool.memory.buffer) {
      this.#bytes = this.pool.memory.buffer;
      this.#u8 = new Uint8Array(this.#bytes);
    }
    const address = this.arena.address(block);
    if (dtype === 'int32') return new Int32Array(this.#bytes, address, size);
    if (dtype === 'bool') return this.#u8.subarray(address, address + size);
    return new Float32Array(this.#bytes, address, size);
  }
}

function bytesOf(dtype: DataType): number {
  return dtype === 'bool' ? 1 : 4;
}
