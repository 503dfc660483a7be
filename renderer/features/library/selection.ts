import { computed, ref } from 'vue';
import { idsBetween, rowAt, rowOf } from './layout.ts';
import type { Segment } from './layout.ts';

/** Which volumes are selected, and the row that the keys stand on. */
export function useSelection(segments: () => readonly Segment[]) {
  const ids = ref<ReadonlySet<string>>(new Set());
  const active = ref(-1);
  /** Where a range begins. */
  let anchor = -1;

  function choose(row: number, how: { toggle: boolean; extend: boolean }): void {
    const at = rowAt(segments(), row);
    if (at === undefined || 'heading' in at) return;
    if (how.extend && anchor >= 0) {
      ids.value = new Set(idsBetween(segments(), anchor, row));
      return;
    }
    anchor = row;
    if (!how.toggle) ids.value = new Set([at.id]);
    else {
      const next = new Set(ids.value);
      if (!next.delete(at.id)) next.add(at.id);
      ids.value = next;
    }
  }

  /** Selects one volume, where it is. */
  function take(id: string): void {
    const row = rowOf(segments(), id);
    if (row < 0) return;
    stand(row);
    choose(row, { toggle: false, extend: false });
  }

  function stand(row: number): void {
    active.value = row;
  }

  function all(): void {
    ids.value = new Set(segments().flatMap((segment) => segment.ids));
  }

  function none(): void {
    ids.value = new Set();
  }

  /** After the rows moved: what is gone is not selected, and the keys stand where they stood. */
  function keep(): void {
    const living = new Set(segments().flatMap((segment) => segment.ids));
    const left = [...ids.value].filter((id) => living.has(id));
    if (left.length !== ids.value.size) ids.value = new Set(left);
    const first = left[0];
    active.value = first === undefined ? Math.min(active.value, living.size - 1) : rowOf(segments(), first);
    anchor = active.value;
  }

  const single = computed(() => (ids.value.size === 1 ? [...ids.value][0]! : null));
  return { ids, active, single, take, stand, choose, all, none, keep };
}
