import type { EngineEvent } from './wire.ts';

/** An event with its place in the order of all. */
export type NumberedEvent = EngineEvent & { id: number };

/** Events that a client which comes back can still be told; older ones are a gap, after which it asks anew. */
const KEPT = 2000;

/** Hands out what happens, in order, to everyone who listens, and keeps the last of it for those who were away. */
export class Events {
  private readonly kept: NumberedEvent[] = [];
  private readonly listeners = new Set<(event: NumberedEvent) => void>();
  private readonly size: number;
  private last = 0;

  constructor(size: number = KEPT) {
    this.size = size;
  }

  /** Number of the newest event. */
  get newest(): number {
    return this.last;
  }

  emit(event: EngineEvent): void {
    const numbered: NumberedEvent = { ...event, id: ++this.last };
    this.kept.push(numbered);
    if (this.kept.length > this.size) this.kept.shift();
    for (const listener of this.listeners) listener(numbered);
  }

  /**
   * What happened after event `id`; undefined where some of it is not kept any more, or `id` is of another
   * engine's life.
   */
  since(id: number): NumberedEvent[] | undefined {
    if (id === this.last) return [];
    const first = this.kept[0];
    if (first === undefined || id > this.last || id < first.id - 1) return undefined;
    return this.kept.slice(id - first.id + 1);
  }

  /** @returns stops listening */
  listen(listener: (event: NumberedEvent) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
}
