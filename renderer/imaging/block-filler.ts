import type { Slice } from './components.ts';

/** Lays a block of slices, as its bytes arrive, into slices of their own: one that is kept does not keep its whole block. */
export class BlockFiller {
  private readonly rows: number;
  private readonly columns: number;
  private readonly memory: Uint8Array<ArrayBuffer>[];
  private filled = 0;

  /** @param shape `[slices, rows, columns]`, or of one slice `[rows, columns]` */
  constructor(shape: readonly number[]) {
    const [rows, columns] = shape.slice(-2) as [number, number];
    this.rows = rows;
    this.columns = columns;
    const count = shape.length > 2 ? shape[0]! : 1;
    this.memory = Array.from({ length: count }, () => new Uint8Array(8 * rows * columns));
  }

  /** @throws RangeError where more arrives than fits */
  put(bytes: Uint8Array): void {
    const each = 8 * this.rows * this.columns;
    for (let taken = 0; taken < bytes.length;) {
      const at = this.filled % each;
      const piece = bytes.subarray(taken, taken + each - at);
      const slice = this.memory[Math.floor(this.filled / each)];
      if (slice === undefined) throw new RangeError('More bytes came than the block has.');
      slice.set(piece, at);
      taken += piece.length;
      this.filled += piece.length;
    }
  }

  /** @throws RangeError where bytes are missing */
  slices(): Slice[] {
    const { rows, columns, memory } = this;
    if (this.filled !== 8 * rows * columns * memory.length) throw new RangeError('The block is not complete.');
    return memory.map(({ buffer }) => ({ rows, columns, data: new Float32Array(buffer) }));
  }
}
