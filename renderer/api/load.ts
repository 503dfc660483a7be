import { onScopeDispose, ref, shallowRef, watch } from 'vue';
import type { Ref, ShallowRef, WatchSource } from 'vue';
import { useEngine } from './engine-events.ts';
import { isAbort, problemOf } from './problem.ts';
import type { Problem } from './problem.ts';

/** Something asked of the engine, in the states that every view shows. */
export interface Load<T> {
  /** undefined until the first answer; kept while it is asked again and when that fails. */
  data: ShallowRef<T | undefined>;
  problem: ShallowRef<Problem | undefined>;
  loading: Ref<boolean>;
  reload: () => Promise<void>;
}

/**
 * Asks now, again when a source changes, and again when the engine came back. Of two answers the one to the later question counts.
 */
export function useLoad<T>(ask: (signal: AbortSignal) => Promise<T>, sources: WatchSource[] = []): Load<T> {
  const data = shallowRef<T>();
  const problem = shallowRef<Problem>();
  const loading = ref(true);
  let running: AbortController | undefined;

  async function reload(): Promise<void> {
    running?.abort();
    const mine = (running = new AbortController());
    loading.value = true;
    try {
      const answer = await ask(mine.signal);
      if (running !== mine) return;
      data.value = answer;
      problem.value = undefined;
    } catch (thrown) {
      if (running !== mine || isAbort(thrown)) return;
      problem.value = problemOf(thrown);
    } finally {
      if (running === mine) loading.value = false;
    }
  }

  const engine = useEngine();
  watch([...sources, () => engine.epoch], () => void reload());
  onScopeDispose(() => running?.abort());
  void reload();
  return { data, problem, loading, reload };
}
