import { defineStore } from 'pinia';
import { onScopeDispose, ref } from 'vue';
import type { EngineEvent } from '../../main/server/contract.ts';
import { followEvents } from './event-stream.ts';

type Kind = EngineEvent['kind'];
type DataOf = { [K in Kind]: Extract<EngineEvent, { kind: K }>['data'] };
type Listener = (event: EngineEvent) => void;

/** The line to the engine: whether it is there, and what it tells. */
export const useEngine = defineStore('engine', () => {
  /** `returning`: it is back, and the study is being opened again. */
  const state = ref<'connecting' | 'ready' | 'gone' | 'returning' | 'refused'>('connecting');
  /** Counts the times that the engine came back, or events were lost. */
  const returns = ref(0);
  /** Counts the times that everything shown has to be asked for anew: after a return, once the study is open again. */
  const epoch = ref(0);
  const listeners = new Map<Kind, Set<Listener>>();
  let stop: (() => void) | undefined;

  function connect(): void {
    stop ??= followEvents({
      url: '/events',
      onOpen() {
        if (state.value === 'connecting') state.value = 'ready';
        else {
          state.value = 'returning';
          returns.value++;
        }
      },
      onGone(status) {
        state.value = status === 401 || status === 403 ? 'refused' : 'gone';
      },
      onMessage({ event, data }) {
        const message = { kind: event, data: JSON.parse(data) } as EngineEvent;
        if (message.kind === 'engine' && message.data.state === 'gap') returns.value++;
        for (const listener of listeners.get(message.kind) ?? []) listener(message);
      },
    });
  }

  /** The study is open again, or is known not to be. */
  function askAnew(): void {
    if (state.value === 'returning') state.value = 'ready';
    epoch.value++;
  }

  function listen(kind: Kind, listener: Listener): () => void {
    const all = listeners.get(kind) ?? new Set();
    listeners.set(kind, all.add(listener));
    return () => void all.delete(listener);
  }

  return { state, returns, epoch, connect, listen, askAnew };
});

/** Hears one kind of event while the calling component or store lives. */
export function useEngineEvent<K extends Kind>(kind: K, listener: (data: DataOf[K]) => void): void {
  const stop = useEngine().listen(kind, (event) => listener(event.data as DataOf[K]));
  onScopeDispose(stop);
}
