/** Which item of a list is worked next, and which is to blame when the helper that held some of them dies. */
export interface ItemQueue {
  /** Whether any item was not taken yet, or was given back. */
  left(): boolean;
  /**
   * The next item for a helper; undefined when there is none, or when it holds enough.
   * @param held items that it holds already
   */
  take(held: readonly number[]): number | undefined;
  /**
   * After the death of a helper that held these items: the one that did it. Where that is not certain, undefined, and they will be
   * given out again, each alone.
   * @param first it was ended for the first of them
   */
  blame(held: readonly number[], first: boolean): number | undefined;
}

/**
 * @param count items 0 … count − 1
 * @param helpers that share them
 * @param ahead items that one may hold beside the one it works on; fewer near the end, so that no helper is left without
 */
export function itemQueue(count: number, helpers: number, ahead: number): ItemQueue {
  let next = 0;
  const suspects: number[] = [];
  const alone = new Set<number>();
  return {
    left: () => next < count || suspects.length > 0,
    take(held) {
      if (held.some((index) => alone.has(index))) return undefined;
      if (suspects.length > 0) return held.length === 0 ? suspects.shift() : undefined;
      const share = Math.min(1 + ahead, Math.ceil((count - next) / (2 * helpers)));
      return next < count && held.length < share ? next++ : undefined;
    },
    blame(held, first) {
      const [head, ...others] = held;
      if (others.length === 0 || first) {
        suspects.push(...others);
        return head;
      }
      for (const index of held) alone.add(index);
      suspects.push(...held);
      return undefined;
    },
  };
}
