import { IsochromatError } from '../domain/errors.ts';

const unitBytes = 64;
const pageBytes = 65536;
/** Memory is asked for in steps of at least this much, so that growth ends soon after a loop has begun. */
const smallestGrowth = 16 * 1024 * 1024;
const none = -1;

/**
 * Allocator over a shared WebAssembly memory: two-level segregated fit (Masmano et al. 2004). Constant time, neighbours are
 * joined when freed, blocks are multiples of 64 bytes. A loop that repeats its requests finds the same blocks each time:
 * nothing grows in the steady state.
 *
 * Blocks are known by small integers, whose description stands in typed arrays beside the memory, never inside it: a kernel that
 * wrote past its buffer could spoil data, but not the allocator.
 */
export class Arena {
  readonly #memory: WebAssembly.Memory;
  #capacity = 1024;
  #address = new Float64Array(this.#capacity);
  #units = new Int32Array(this.#capacity);
  #before = new Int32Array(this.#capacity);
  #after = new Int32Array(this.#capacity);
  #previousFree = new Int32Array(this.#capacity);
  #nextFree = new Int32Array(this.#capacity);
  #free = new Uint8Array(this.#capacity);
  /** Unused block numbers. */
  readonly #numbers: number[] = [];
  #firstLevel = 0;
  readonly #secondLevel = new Int32Array(32);
  readonly #heads = new Int32Array(32 * 16).fill(none);
  #last = none;
  #end: number;
  #used = 0;

  /** `start` is the first byte that may be given out. */
  constructor(memory: WebAssembly.Memory, start: number) {
    this.#memory = memory;
    this.#end = Math.ceil(start / unitBytes) * unitBytes;
    for (let i = this.#capacity - 1; i >= 0; i--) this.#numbers.push(i);
    this.#extend(memory.buffer.byteLength - this.#end);
  }

  /** Bytes in blocks that have been given out. */
  get usedBytes(): number {
    return this.#used * unitBytes;
  }

  /** Bytes of the whole memory. */
  get reservedBytes(): number {
    return this.#end;
  }

  /** Gives out at least `bytes` bytes (contents undefined) and returns the block's number. */
  allocate(bytes: number): number {
    const units = Math.max(1, Math.ceil(bytes / unitBytes));
    let block = this.#find(units);
    if (block === none) {
      this.#grow(units * unitBytes);
      block = this.#find(units);
    }
    this.#unlink(block);
    const spare = (this.#units[block] as number) - units;
    if (spare > 0) {
      const rest = this.#number();
      this.#address[rest] = (this.#address[block] as number) + units * unitBytes;
      this.#units[rest] = spare;
      this.#units[block] = units;
      this.#join(rest, this.#after[block] as number);
      this.#join(block, rest);
      if (this.#last === block) this.#last = rest;
      this.#link(rest);
    }
    this.#used += units;
    return block;
  }

  /** Byte address of a block that was given out. */
  address(block: number): number {
    return this.#address[block] as number;
  }

  /** Takes a block back. */
  release(block: number): void {
    this.#used -= this.#units[block] as number;
    const before = this.#before[block] as number;
    const after = this.#after[block] as number;
    let merged = block;
    if (after !== none && this.#free[after] === 1) {
      this.#unlink(after);
      this.#absorb(merged, after);
    }
    if (before !== none && this.#free[before] === 1) {
      this.#unlink(before);
      this.#absorb(before, merged);
      merged = before;
    }
    this.#link(merged);
  }

  #absorb(block: number, next: number): void {
    this.#units[block] = (this.#units[block] as number) + (this.#units[next] as number);
    this.#join(block, this.#after[next] as number);
    if (this.#last === next) this.#last = block;
    this.#numbers.push(next);
  }

  #join(block: number, next: number): void {
    this.#after[block] = next;
    if (next !== none) this.#before[next] = block;
  }

  /** Smallest class whose every block holds `units`, then the first block in it or in a larger one. */
  #find(units: number): number {
    const rounded = units < 16 ? units : units + (1 << (31 - Math.clz32(units) - 4)) - 1;
    let { first, second } = classOf(rounded);
    let map = (this.#secondLevel[first] as number) & (-1 << second);
    if (map === 0) {
      const larger = first >= 31 ? 0 : this.#firstLevel & (-1 << (first + 1));
      if (larger === 0) return none;
      first = lowestBit(larger);
      map = this.#secondLevel[first] as number;
    }
    second = lowestBit(map);
    return this.#heads[first * 16 + second] as number;
  }

  #link(block: number): void {
    const { first, second } = classOf(this.#units[block] as number);
    const place = first * 16 + second;
    const head = this.#heads[place] as number;
    this.#free[block] = 1;
    this.#previousFree[block] = none;
    this.#nextFree[block] = head;
    if (head !== none) this.#previousFree[head] = block;
    this.#heads[place] = block;
    this.#firstLevel |= 1 << first;
    this.#secondLevel[first] = (this.#secondLevel[first] as number) | (1 << second);
  }

  #unlink(block: number): void {
    const previous = this.#previousFree[block] as number;
    const next = this.#nextFree[block] as number;
    this.#free[block] = 0;
    if (next !== none) this.#previousFree[next] = previous;
    if (previous !== none) {
      this.#nextFree[previous] = next;
      return;
    }
    const { first, second } = classOf(this.#units[block] as number);
    this.#heads[first * 16 + second] = next;
    if (next !== none) return;
    this.#secondLevel[first] = (this.#secondLevel[first] as number) & ~(1 << second);
    if (this.#secondLevel[first] === 0) this.#firstLevel &= ~(1 << first);
  }

  #grow(bytes: number): void {
    const wanted = Math.max(bytes + bytes / 8, smallestGrowth, this.#end / 8);
    for (const size of [wanted, bytes + bytes / 8]) {
      try {
        this.#memory.grow(Math.ceil(size / pageBytes));
        this.#extend(this.#memory.buffer.byteLength - this.#end);
        return;
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
      }
    }
    throw new IsochromatError({
      code: 'out-of-memory',
      sentence: 'The numerical work needs more memory than is available.',
      expected: `${Math.ceil(bytes / 2 ** 20)} MiB more`,
      found: `${Math.round(this.usedBytes / 2 ** 20)} MiB in use of ${Math.round(this.#end / 2 ** 20)} MiB`,
      remedy: 'Use a smaller batch or preset.',
    });
  }

  /** Adds fresh memory behind the last block. The last unit stays unused: vector loads may reach a little past a buffer. */
  #extend(bytes: number): void {
    const units = Math.floor(bytes / unitBytes) - (this.#last === none ? 1 : 0);
    const block = this.#number();
    const address = this.#end - (this.#last === none ? 0 : unitBytes);
    this.#address[block] = address;
    this.#units[block] = units;
    this.#free[block] = 0;
    this.#before[block] = this.#last;
    this.#after[block] = none;
    if (this.#last !== none) this.#after[this.#last] = block;
    this.#last = block;
    this.#end += Math.floor(bytes / unitBytes) * unitBytes;
    this.#used += units;
    this.release(block);
  }

  #number(): number {
    const number = this.#numbers.pop();
    if (number !== undefined) return number;
    const size = this.#capacity;
    this.#capacity *= 2;
    this.#address = enlarged(this.#address, new Float64Array(this.#capacity));
    this.#units = enlarged(this.#units, new Int32Array(this.#capacity));
    this.#before = enlarged(this.#before, new Int32Array(this.#capacity));
    this.#after = enlarged(this.#after, new Int32Array(this.#capacity));
    this.#previousFree = enlarged(this.#previousFree, new Int32Array(this.#capacity));
    this.#nextFree = enlarged(this.#nextFree, new Int32Array(this.#capacity));
    this.#free = enlarged(this.#free, new Uint8Array(this.#capacity));
    for (let i = this.#capacity - 1; i > size; i--) this.#numbers.push(i);
    return size;
  }
}

/** Sizes below 16 units have classes of their own; above, sixteen classes to each power of two. */
function classOf(units: number): { first: number; second: number } {
  if (units < 16) return { first: 0, second: units };
  const power = 31 - Math.clz32(units);
  return { first: power - 3, second: (units >>> (power - 4)) & 15 };
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

function enlarged<T extends Float64Array | Int32Array | Uint8Array>(old: T, larger: T): T {
  larger.set(old as never);
  return larger;
}
