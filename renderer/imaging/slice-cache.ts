/**
 * Keeps what was loaded last, up to a number of bytes. Asking twice for what is still under way waits for the one loading; a failure is
 * not kept.
 */
export class ByteCache<T> {
  private readonly kept = new Map<string, { loading: Promise<T>; value?: T; bytes: number }>();
  private readonly most: number;
  private readonly bytesOf: (value: T) => number;
  private total = 0;

  constructor(most: number, bytesOf: (value: T) => number) {
    this.most = most;
    this.bytesOf = bytesOf;
  }

  /** Bytes held at the moment. */
  get bytes(): number {
    return this.total;
  }

  get size(): number {
    return this.kept.size;
  }

  /** What is there already, without loading. */
  peek(key: string): T | undefined {
    return this.kept.get(key)?.value;
  }

  has(key: string): boolean {
    return this.kept.has(key);
  }

  get(key: string, load: () => Promise<T>): Promise<T> {
    const known = this.kept.get(key);
    if (known !== undefined) {
      // Latest used last: a Map keeps the order of insertion.
      this.kept.delete(key);
      this.kept.set(key, known);
      return known.loading;
    }
    const entry: { loading: Promise<T>; value?: T; bytes: number } = { loading: load(), bytes: 0 };
    this.kept.set(key, entry);
    entry.loading.then(
      (value) => {
        if (this.kept.get(key) !== entry) return;
        entry.value = value;
        entry.bytes = this.bytesOf(value);
        this.total += entry.bytes;
        this.shrink(key);
      },
      () => {
        if (this.kept.get(key) === entry) this.kept.delete(key);
      },
    );
    return entry.loading;
  }

  /** Forgets keys that begin so. */
  forget(prefix = ''): void {
    for (const [key, entry] of this.kept) {
      if (!key.startsWith(prefix)) continue;
      this.kept.delete(key);
      this.total -= entry.bytes;
    }
  }

  private shrink(newest: string): void {
    for (const [key, entry] of this.kept) {
      if (this.total <= this.most) return;
      if (key === newest || entry.value === undefined) continue;
      this.kept.delete(key);
      this.total -= entry.bytes;
    }
  }
}
