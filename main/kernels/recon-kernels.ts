import { loadKernelModule } from './loader.ts';
import type { LoadOptions } from './loader.ts';

/** What `assembly/recon.ts` exports; addresses are bytes in the kernels' memory. The comments stand there. */
export interface ReconExports {
  fftAxis(
    plan: number,
    length: number,
    chirp: number,
    filter: number,
    work: number,
    capacity: number,
    inverse: boolean,
    norm: number,
    from: number,
    to: number,
    lines: number,
    fromLine: number,
    fromStep: number,
    toLine: number,
    toStep: number,
    first: number,
    count: number,
  ): void;
  multiplyAdjoint(
    m: number,
    n: number,
    depth: number,
    aRe: number,
    aIm: number,
    bRe: number,
    bIm: number,
    cRe: number,
    cIm: number,
    lower: boolean,
  ): void;
  tridiagonalise(n: number, re: number, im: number, out: number, work: number): void;
  reflectBack(n: number, re: number, im: number, betas: number, count: number, zRe: number, zIm: number): void;
  eigenvectorsOfRow(
    coils: number,
    span: number,
    iterations: number,
    coefficients: number,
    wave: number,
    waves: number,
    points: number,
    count: number,
    reference: number,
    vectors: number,
    stride: number,
    values: number,
    work: number,
  ): void;
  stretchLine(from: number, to: number, count: number, offsets: number, weights: number): void;
  mapRow(
    coils: number,
    columns: number,
    lines: number,
    lineStride: number,
    offsets: number,
    weights: number,
    reference: number,
    maps: number,
    mapStride: number,
    rough: number,
    tolerance: number,
    least: number,
    work: number,
  ): void;
}

type Numbers = Float32Array | Float64Array | Uint32Array | Uint8Array;

const PAGE = 65536;
/** 1 GiB: address space only, until it is needed. */
const LARGEST_MEMORY = 16384;
/** Data of the module itself stands below. */
const FIRST_FREE = PAGE;

/**
 * The reconstruction's WebAssembly kernels, on the calling thread, with a memory that is handed out from bottom to top and
 * taken back as a whole: a computation starts with `reset`, puts its inputs, reserves room, calls, and copies out.
 */
export class ReconKernels {
  readonly call: ReconExports;
  private readonly memory: WebAssembly.Memory;
  private next = FIRST_FREE;

  /** @throws IsochromatError `kernels-missing`, `kernels-stale` */
  constructor(options: LoadOptions = {}) {
    const { module } = loadKernelModule('recon', options);
    this.memory = new WebAssembly.Memory({ initial: 16, maximum: LARGEST_MEMORY, shared: true });
    const abort = (): never => {
      throw new Error('A reconstruction kernel aborted');
    };
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.memory, abort } });
    this.call = exports as unknown as ReconExports;
  }

  /** Takes all memory back. */
  reset(): void {
    this.next = FIRST_FREE;
  }

  /** Room for `bytes` bytes on a cache line, not cleared. */
  reserve(bytes: number): number {
    const address = Math.ceil(this.next / 64) * 64;
    this.next = address + bytes;
    const missing = this.next - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE));
    return address;
  }

  /** Copies numbers in; returns where they are. */
  put(values: Numbers): number {
    const address = this.reserve(values.byteLength);
    this.copyIn(address, values);
    return address;
  }

  copyIn(address: number, values: Numbers): void {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    new Uint8Array(this.memory.buffer, address, values.byteLength).set(bytes);
  }

  /** Copies numbers out, filling `into`. */
  copyOut(address: number, into: Numbers): void {
    const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
    bytes.set(new Uint8Array(this.memory.buffer, address, into.byteLength));
  }
}
