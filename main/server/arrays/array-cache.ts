/** Arrays that were asked for lately, and those that are just being made: each is made once however many ask for it. */
export class ArrayCache {
  private readonly kept = new Map<string, { bytes: number; value: Promise<SentArray> }>();
  private readonly limit: number;
  private bytes = 0;

  /** @param limit bytes that are kept at most */
  constructor(limit: number) {
    this.limit = limit;
  }

  get size(): number {
    return this.bytes;
  }

  get(key: string, make: () => Promise<SentArray>): Promise<SentArray> {
    const known = this.kept.get(key);
    if (known !== undefined) {
      this.kept.delete(key);
      this.kept.set(key, known);
      return known.value;
    }
    const entry = { bytes: 0, value: make() };
    this.kept.set(key, entry);
    entry.value.then(
      ({ body }) => this.weigh(key, entry, body.byteLength),
      () => this.kept.delete(key),
    );
    return entry.value;
  }

  clear(): void {
    this.kept.clear();
    this.bytes = 0;
  }

  private weigh(key: string, entry: { bytes: number }, bytes: number): void {
    if (this.kept.get(key) !== entry) return;
    entry.bytes = bytes;
    this.bytes += bytes;
    for (const [oldest, { bytes: freed }] of this.kept) {
      if (this.bytes <= this.limit) return;
      this.kept.delete(oldest);
      this.bytes -= freed;
    }
  }
}

/** An array as it is sent: raw little-endian samples, and what its headers say. */
export interface SentArray {
  body: Uint8Array;
  shape: readonly number[];
  type: 'complex64' | 'float32' | 'int16' | 'uint8';
  /** Of int16: value = stored · scale + offset. */
  scale?: number;
  offset?: number;
}
