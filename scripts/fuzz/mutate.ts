import type { Random } from '../../main/domain/random.ts';

/** Values at which readers go wrong: signs, powers of two, lengths beyond any file. */
const TELLING = [
  0, 1, 2, 7, 8, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
];

/** Headers stand at the beginning; half of all changes go there. */
const HEAD = 4096;

type Mutation = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

const MUTATIONS: readonly Mutation[] = [
  (bytes, random) => {
    const at = place(bytes, random);
    if (at < bytes.length) bytes[at] = bytes[at]! ^ (1 << random.integer(0, 7));
    return bytes;
  },
  (bytes, random) => {
    const at = place(bytes, random);
    if (at < bytes.length) bytes[at] = random.integer(0, 255);
    return bytes;
  },
  (bytes, random) => {
    const at = place(bytes, random);
    const value = TELLING[random.integer(0, TELLING.length - 1)]!;
    if (at + 4 > bytes.length) return bytes;
    if (random.uniform() < 0.5) bytes.writeUInt32LE(value, at);
    else bytes.writeUInt16LE(value & 0xffff, at);
    return bytes;
  },
  // Cut off.
  (bytes, random) => bytes.subarray(0, random.integer(0, bytes.length)),
  // A piece missing, or twice.
  (bytes, random) => {
    const [at, length] = [place(bytes, random), random.integer(1, 64)];
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
  },
  (bytes, random) => {
    const [at, length] = [place(bytes, random), random.integer(1, 512)];
    return Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
  },
  // A piece of another file.
  (bytes, random, other) => {
    const [at, from, length] = [place(bytes, random), place(other, random), random.integer(1, 512)];
    other.copy(bytes, at, from, Math.min(from + length, other.length));
    return bytes;
  },
  // Digits of texts.
  (bytes, random) => {
    const start = place(bytes, random);
    const at = bytes.findIndex((byte, i) => i >= start && byte >= 0x30 && byte <= 0x39);
    if (at >= 0) bytes[at] = '0123456789-.eE'.charCodeAt(random.integer(0, 13));
    return bytes;
  },
];

/** A copy of a file with one to eight changes. */
export function mutate(seed: Buffer, other: Buffer, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(seed);
  for (let changes = 2 ** random.integer(0, 3); changes > 0; changes--) {
    bytes = MUTATIONS[random.integer(0, MUTATIONS.length - 1)]!(bytes, random, other);
  }
  return bytes;
}

function place(bytes: Buffer, random: Random): number {
  const reach = random.uniform() < 0.5 ? Math.min(HEAD, bytes.length) : bytes.length;
  return random.integer(0, Math.max(0, reach - 1));
}
