import { defineStore } from 'pinia';
import { ref } from 'vue';
import { engine, leavingEngine } from '../api/client.ts';

const PAUSE_MS = 800;

/** Under this name: the volume that was selected or looked at last. */
export const VOLUME_IN_HAND = 'volume';

/** What the window remembers of the open study: the screen, columns, selections. Kept by the engine, so that it is there on reopening. */
export const useSession = defineStore('session', () => {
  const state = ref<Record<string, unknown>>({});
  let key: string | null = null;
  let entering: Promise<void> = Promise.resolve();
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Settles when what was remembered of the study is there. */
  function enter(study: string): Promise<void> {
    if (key !== study) entering = begin(study);
    return entering;
  }

  async function begin(study: string): Promise<void> {
    const left = leave();
    key = study;
    await left;
    const kept = await engine.system.session.query({ key: study });
    if (key === study) state.value = isRecord(kept) ? kept : {};
  }

  async function leave(): Promise<void> {
    const saved = timer === undefined ? undefined : save();
    key = null;
    state.value = {};
    await saved;
  }

  /** What was remembered under this name, where it is of the kind of `fallback`. */
  function get<T>(name: string, fallback: T): T {
    const kept = state.value[name];
    const fits = Array.isArray(fallback) ? Array.isArray(kept) : typeof kept === typeof fallback && kept !== null;
    return fits ? (kept as T) : fallback;
  }

  function set(name: string, value: unknown): void {
    if (key === null) return;
    state.value = { ...state.value, [name]: value };
    clearTimeout(timer);
    timer = setTimeout(() => void save(), PAUSE_MS);
  }

  async function save(through = engine): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (key === null) return;
    // Losing where one was is not worth a message.
    await through.system.keepSession.mutate({ key, state: asJson(state.value) }).catch(() => {});
  }

  // What was remembered in the last moment goes out even though the page does.
  addEventListener('pagehide', () => void (timer !== undefined && save(leavingEngine)));

  return { enter, leave, get, set };
});

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A plain copy, without Vue's proxies. */
function asJson(value: Record<string, unknown>): { [name: string]: never } {
  return JSON.parse(JSON.stringify(value)) as { [name: string]: never };
}
