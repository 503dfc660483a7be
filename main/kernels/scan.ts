import { loadKernelModule } from './loader.ts';

/** What looking through numbers of 32 bits found, as bits to be joined with `|`. */
export const FOUND = { nothing: 0, notFinite: 1, notZero: 2 } as const;

interface ScanExports {
  scan(address: number, count: number): number;
}

const PAGE = 65536;
/** 1 GiB: address space only, until it is needed. */
const MOST_PAGES = 16384;
/** Data of the module itself stands below. */
const FIRST_FREE = PAGE;
/** Numbers that the kernel takes at a time. */
const STEP = 16;

/** A memory of WebAssembly with the kernel over it. */
interface Room {
  memory: WebAssembly.Memory;
  scan: ScanExports['scan'];
}

let room: Room | undefined;
let isLent = false;

/** An array that is given back after use. */
export interface LentFloats {
  readonly floats: Float32Array;
  giveBack(): void;
}

/**
 * Lends an array, not cleared, that `scanFloats` looks through several times as fast as through others. Each thread has room for one,
 * kept for the next borrower since the engine is slow to free such memory; whoever comes while it is lent, or wants
 * too much, gets a common array.
 * @throws IsochromatError `kernels-missing`, `kernels-stale`
 */
export function borrowFloats(length: number): LentFloats {
  const pages = 1 + Math.ceil((4 * length) / PAGE);
  if (isLent || pages > MOST_PAGES) return { floats: new Float32Array(length), giveBack: () => {} };
  room ??= makeRoom();
  const missing = pages - room.memory.buffer.byteLength / PAGE;
  if (missing > 0) room.memory.grow(missing);
  isLent = true;
  const floats = new Float32Array(room.memory.buffer, FIRST_FREE, length);
  let mine = true;
  return {
    floats,
    giveBack: () => {
      if (mine) isLent = false;
      mine = false;
    },
  };
}

function makeRoom(): Room {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: MOST_PAGES, shared: true });
  const abort = (): never => {
    throw new Error('The scanning kernel aborted');
  };
  const { exports } = new WebAssembly.Instance(loadKernelModule('scan').module, { env: { memory, abort } });
  return { memory, scan: (exports as unknown as ScanExports).scan };
}

/** Whether numbers are all finite, and all zero: bits of `FOUND`. */
export function scanFloats(data: Float32Array): number {
  if (data.buffer !== room?.memory.buffer) return scanPlainly(data);
  const whole = data.length - (data.length % STEP);
  return room.scan(data.byteOffset, whole) | scanPlainly(data.subarray(whole));
}

function scanPlainly(data: Float32Array): number {
  const sum = total(data);
  // A sum of exactly zero is suspicious, and only then every number is looked at.
  const isSomething = sum !== 0 || data.some((value) => value !== 0);
  return (Number.isFinite(sum) ? FOUND.nothing : FOUND.notFinite) | (isSomething ? FOUND.notZero : FOUND.nothing);
}

/**
 * Sum of all numbers in double precision: not finite as soon as one of them is not (the sum of any number of finite
 * float32 cannot overflow a double). Eight partial sums keep the processor busy.
 */
function total(data: Float32Array): number {
  const whole = data.length - (data.length % 8);
  let [a, b, c, d, e, f, g, h] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < whole; i += 8) {
    a += data[i]!;
    b += data[i + 1]!;
    c += data[i + 2]!;
    d += data[i + 3]!;
    e += data[i + 4]!;
    f += data[i + 5]!;
    g += data[i + 6]!;
    h += data[i + 7]!;
  }
  for (let i = whole; i < data.length; i++) a += data[i]!;
  return a + b + c + d + e + f + g + h;
}
