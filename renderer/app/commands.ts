import { defineStore } from 'pinia';
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import type { Command } from './feature.ts';

/** The commands of every feature, who handles them at the moment, and the keys that call them. */
export const useCommands = defineStore('commands', () => {
  const all = shallowRef<readonly Command[]>([]);
  const handlers = shallowRef<ReadonlyMap<string, () => void | Promise<void>>>(new Map());
  /** The user's own keys, by command; an empty list takes a command's keys away. */
  const bindings = ref<Record<string, string[]>>({});

  function register(commands: readonly Command[]): void {
    const ids = new Set(commands.map((command) => command.id));
    all.value = [...all.value.filter((command) => !ids.has(command.id)), ...commands];
  }

  /** Lets a mounted component do a command's work; the latest wins. Returns how to give it back. */
  function handle(id: string, work: () => void | Promise<void>): () => void {
    handlers.value = new Map([...handlers.value, [id, work]]);
    return () => {
      if (handlers.value.get(id) !== work) return;
      handlers.value = new Map([...handlers.value].filter(([other]) => other !== id));
    };
  }

  function workOf(command: Command): (() => void | Promise<void>) | undefined {
    return handlers.value.get(command.id) ?? command.run;
  }

  const keysOf = (command: Command): readonly string[] => bindings.value[command.id] ?? command.keys ?? [];

  const available = computed(() => all.value.filter((command) => workOf(command) !== undefined));

  /** The command a chord calls now, if any. */
  function calledBy(chord: string): Command | undefined {
    return available.value.find((command) => keysOf(command).includes(chord));
  }

  /** Gives a command these keys; they are taken from others that had them. */
  function bind(id: string, keys: string[]): void {
    const next = { ...bindings.value };
    for (const other of all.value) {
      if (other.id === id) continue;
      const left = keysOf(other).filter((key) => !keys.includes(key));
      if (left.length !== keysOf(other).length) next[other.id] = left;
    }
    bindings.value = { ...next, [id]: keys };
  }

  /** Back to the keys that a command came with. */
  function unbind(id: string): void {
    bindings.value = Object.fromEntries(Object.entries(bindings.value).filter(([other]) => other !== id));
  }

  async function run(id: string): Promise<void> {
    const command = all.value.find((one) => one.id === id);
    if (command !== undefined) await workOf(command)?.();
  }

  return { all, available, bindings, register, handle, keysOf, calledBy, bind, unbind, run };
});

/** Handles commands while the calling component lives: `useHandlers({ 'viewer.next-slice': next })`. */
export function useHandlers(work: Record<string, () => void | Promise<void>>): void {
  const commands = useCommands();
  const giveBack = Object.entries(work).map(([id, one]) => commands.handle(id, one));
  onScopeDispose(() => giveBack.forEach((back) => back()));
}
