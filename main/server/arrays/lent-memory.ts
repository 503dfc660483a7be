/**
 * Memory for what is read and sent at once. Where each answer had megabytes of its own, V8 would go through the engine's whole memory ten
 * times a second while somebody scrolls, to find out which of them it may free.
 */
export class LentMemory {
  private readonly free: Uint8Array<ArrayBuffer>[] = [];
  private readonly size: number;
  private readonly most: number;

  /**
   * @param size bytes of each piece
   * @param most pieces that are kept while nobody has them
   */
  constructor(size: number, most: number) {
    this.size = size;
    this.most = most;
  }

  /** Pieces that nobody has. */
  get kept(): number {
    return this.free.length;
  }

  /** At least so many bytes, with whatever was in them last; to be given back. */
  take(bytes: number): Uint8Array<ArrayBuffer> {
    if (bytes > this.size) return new Uint8Array(bytes);
    return this.free.pop() ?? new Uint8Array(this.size);
  }

  give(memory: Uint8Array<ArrayBuffer>): void {
    if (memory.byteLength === this.size && this.free.length < this.most) this.free.push(memory);
  }
}
