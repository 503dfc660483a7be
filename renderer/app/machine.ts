import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { Machine } from '../../main/server/contract.ts';
import { engine } from '../api/client.ts';

/** What the status bar says of this machine. */
export const useMachine = defineStore('machine', () => {
  const facts = shallowRef<Machine | null>(null);

  async function refresh(): Promise<void> {
    facts.value = await engine.system.machine.query();
  }

  return {
    facts,
    refresh,
    backend: computed(() => facts.value?.backend ?? null),
    device: computed(() => facts.value?.device ?? null),
    memory: computed(() => (facts.value === null ? null : `${Math.round(facts.value.memoryBytes / 2 ** 30)} GB`)),
  };
});
