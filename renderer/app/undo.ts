import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { useToasts } from './toasts.ts';
import { messages } from '../messages/en/index.ts';

/** Something that was done and can be taken back. */
export interface Step {
  /** In the past tense, as the toast says it: "Moved 2 volumes to the trash". */
  title: string;
  undo: () => Promise<void> | void;
  redo: () => Promise<void> | void;
}

const DEPTH = 100;

/** What was done, latest last, and what was undone. */
export const useUndo = defineStore('undo', () => {
  const done = shallowRef<readonly Step[]>([]);
  const undone = shallowRef<readonly Step[]>([]);
  const toasts = useToasts();
  let busy = false;
  /** What is being done: whoever undoes waits for it, or would undo what came before it. */
  let performing: Promise<unknown> = Promise.resolve();

  /** Does a step for the first time and remembers it; its toast offers to undo it. */
  async function perform(step: Step, options: { quiet?: boolean } = {}): Promise<void> {
    const work = Promise.resolve(step.redo());
    performing = work.catch(() => {});
    await work;
    done.value = [...done.value, step].slice(-DEPTH);
    undone.value = [];
    if (options.quiet !== true) {
      toasts.show({ text: step.title, action: { label: messages.app.undo, run: undo } });
    }
  }

  async function undo(): Promise<void> {
    await performing;
    const step = done.value.at(-1);
    if (step === undefined || busy) return;
    await move(async () => {
      await step.undo();
      done.value = done.value.slice(0, -1);
      undone.value = [...undone.value, step];
      toasts.show({ text: messages.app.undone(step.title) });
    });
  }

  async function redo(): Promise<void> {
    const step = undone.value.at(-1);
    if (step === undefined || busy) return;
    await move(async () => {
      await step.redo();
      undone.value = undone.value.slice(0, -1);
      done.value = [...done.value, step];
      toasts.show({ text: step.title });
    });
  }

  async function move(work: () => Promise<void>): Promise<void> {
    busy = true;
    try {
      await work();
    } catch (thrown) {
      toasts.failed(thrown);
    } finally {
      busy = false;
    }
  }

  /** Another study has another past. */
  function forget(): void {
    done.value = [];
    undone.value = [];
  }

  return {
    perform,
    undo,
    redo,
    forget,
    canUndo: computed(() => done.value.length > 0),
    canRedo: computed(() => undone.value.length > 0),
  };
});
