import { isAscii } from 'node:buffer';
import { setFlagsFromString } from 'node:v8';

/**
 * V8 can join two neighbouring 128-bit vectors of WebAssembly in one register of 256 bits (AVX2): its revectoriser, a pass of the optimising
 * compiler that is still behind a flag. It doubles the speed of matrix products. The flag counts while our kernels are compiled and at no other
 * time, so that no other WebAssembly of the process (HDF5, image decoders) goes through it, and only in the version of V8
 * that our tests compare it in, bit by bit, with the build that does without.
 */
const TRIED_VERSION = /^13\.6\./;
const REVECTORISE = 'experimental-wasm-revectorize';

/** Compiles with the optimising compiler and its revectoriser, all functions at once; nothing where this V8 is another. */
export function compileWide(binary: Uint8Array<ArrayBuffer>): WebAssembly.Module | undefined {
  if (!TRIED_VERSION.test(process.versions.v8)) return undefined;
  const during = [`--${REVECTORISE}`, '--no-liftoff', '--no-wasm-lazy-compilation'];
  const afterwards = [`--no-${REVECTORISE}`, '--liftoff', '--wasm-lazy-compilation'];
  during.forEach(setFlagsFromString);
  try {
    return new WebAssembly.Module(binary);
  } finally {
    afterwards.forEach(setFlagsFromString);
  }
}

const someBytes = new Uint8Array(16);

/**
 * To be called after wide kernels, before other code runs. V8 leaves the upper halves of the registers in use, and until an instruction
 * (VZEROUPPER) says that they are not, every older vector instruction waits for them: sine, logarithm and much else of the C++ below JavaScript
 * then takes eight times as long. This call, of 30 ns, is into code that compilers end with that instruction.
 */
export function leaveWide(): void {
  isAscii(someBytes);
}

type Strip = (a: number, groups: number, rowBytes: number, b: number, c: number, outBytes: number) => void;

const DEPTH = 64;
const GROUPS = 8;
const COLUMNS = 16;
/** Where the probe's matrices lie: above everything that the module itself holds. */
const [A, B, C] = [131_072, 262_144, 393_216] as const;
const CALLS = 20;
const TRIALS = 8;

/**
 * Whether tiles of two panels are faster than two of one on this processor: there they are where registers have 256 bits, and nowhere else,
 * because the accumulators would not fit. Also whether both give the same bits. Takes about a millisecond.
 */
export function wideIsFaster(module: WebAssembly.Module): boolean {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 65536, shared: true });
  const abort = (): never => {
    throw new Error('A kernel aborted.');
  };
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort } });
  const [one, two] = [exports['strip6x2'] as Strip, exports['strip6x4'] as Strip];
  const numbers = new Float32Array(memory.buffer);
  for (let i = A / 4; i < C / 4; i++) numbers[i] = Math.sin(i);
  const [rowBytes, outBytes] = [4 * DEPTH, 4 * COLUMNS];
  const inOnes = (): void => {
    one(A, GROUPS, rowBytes, B, C, outBytes);
    one(A, GROUPS, rowBytes, B + 8 * rowBytes, C + outBytes / 2, outBytes);
  };
  const inTwos = (): void => two(A, GROUPS, rowBytes, B, C, outBytes);
  const result = (product: () => void): Buffer => {
    new Uint8Array(memory.buffer, C, 6 * GROUPS * outBytes).fill(0);
    product();
    return Buffer.from(new Uint8Array(memory.buffer, C, 6 * GROUPS * outBytes));
  };
  const faster = result(inOnes).equals(result(inTwos)) && timeOf(inTwos) < timeOf(inOnes);
  leaveWide();
  return faster;
}

/** The shortest of several: what else the machine does can only make one longer. */
function timeOf(product: () => void): number {
  let shortest = Infinity;
  for (let trial = 0; trial < TRIALS; trial++) {
    const started = performance.now();
    for (let i = 0; i < CALLS; i++) product();
    shortest = Math.min(shortest, performance.now() - started);
  }
  return shortest;
}
