import { onScopeDispose, ref, shallowRef } from 'vue';
import type { TaskProgress, TaskStarted, TaskState } from '../../main/server/contract.ts';
import { engine } from './client.ts';
import { useEngine, useEngineEvent } from './engine-events.ts';
import { problemOf } from './problem.ts';
import type { Problem } from './problem.ts';
import { messages } from '../messages/en/index.ts';

/** How often a task is asked for where no event came: events are lost when the engine ends. */
const PATIENCE_MS = 2_000;

/**
 * Work of the engine that takes longer than a request: started, followed by its events, and asked for at its end. What was started
 * by a component ends with it.
 * @param ask how this kind of task is asked for
 */
export function useTask<Result>(ask: (task: string) => Promise<unknown>) {
  const running = ref(false);
  const cancelled = ref(false);
  const progress = shallowRef<Pick<TaskProgress, 'stage' | 'done' | 'total'> | null>(null);
  const result = shallowRef<Result>();
  const problem = shallowRef<Problem>();
  const line = useEngine();
  let current: string | null = null;
  let settle: ((found: Result | undefined) => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let disposed = false;

  /** Starts anew; undefined when it failed, was cancelled or was started once more meanwhile. */
  async function run(start: () => Promise<TaskStarted>): Promise<Result | undefined> {
    stop();
    running.value = true;
    cancelled.value = false;
    progress.value = null;
    result.value = undefined;
    problem.value = undefined;
    try {
      const { task } = await start();
      current = task;
      // Who asked for it may have gone meanwhile.
      if (disposed) {
        stop();
        return undefined;
      }
      const found = new Promise<Result | undefined>((resolve) => (settle = resolve));
      void look();
      return await found;
    } catch (thrown) {
      end(undefined, problemOf(thrown));
      return undefined;
    }
  }

  async function look(): Promise<void> {
    clearTimeout(timer);
    const mine = current;
    if (mine === null) return;
    try {
      const state = (await ask(mine)) as TaskState<Result>;
      if (current !== mine) return;
      if (state.state === 'running') {
        if (state.progress !== null) progress.value = state.progress;
        timer = setTimeout(() => void look(), PATIENCE_MS);
      } else if (state.state === 'done') end(state.result);
      else if (state.state === 'failed') end(undefined, state.error);
      else {
        cancelled.value = true;
        end(undefined);
      }
    } catch (thrown) {
      if (current !== mine) return;
      if (line.state === 'ready') end(undefined, problemOf(thrown));
      else end(undefined, { code: 'engine-gone', ...messages.app.taskLost });
    }
  }

  function end(found: Result | undefined, failed?: Problem): void {
    clearTimeout(timer);
    current = null;
    running.value = false;
    result.value = found;
    problem.value = failed;
    settle?.(found);
    settle = undefined;
  }

  function cancel(): void {
    if (current !== null) void engine.system.cancelTask.mutate({ task: current }).catch(() => {});
  }

  /** Ends it where it runs; what has come of it stays. */
  function stop(): void {
    if (current === null) return;
    cancel();
    end(undefined);
  }

  /** As if nothing had been asked. */
  function forget(): void {
    stop();
    result.value = undefined;
    problem.value = undefined;
    cancelled.value = false;
  }

  useEngineEvent('progress', (data) => {
    if (!('task' in data) || data.task !== current) return;
    if (data.ended === true) void look();
    else progress.value = { stage: data.stage, done: data.done, total: data.total };
  });
  onScopeDispose(() => {
    disposed = true;
    stop();
  });

  return { running, cancelled, progress, result, problem, run, cancel, stop, forget };
}
