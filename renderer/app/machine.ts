import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { DoctorShown } from '../../main/server/contract.ts';
import { engine } from '../api/client.ts';

const KEY = 'machine';

/** What the last test of this machine found; the status bar and the settings show it. */
export const useMachine = defineStore('machine', () => {
  const report = shallowRef<DoctorShown | null>(null);

  /** The report of an earlier test, where one was kept. */
  async function recall(): Promise<void> {
    const kept = await engine.system.session.query({ key: KEY });
    if (isReport(kept)) report.value = kept;
  }

  async function keep(found: DoctorShown): Promise<void> {
    report.value = found;
    await engine.system.keepSession.mutate({ key: KEY, state: JSON.parse(JSON.stringify(found)) });
  }

  const chosen = computed(() => report.value?.backends.find((backend) => backend.chosen) ?? null);
  return {
    report,
    chosen,
    recall,
    keep,
    memory: computed(() => (report.value === null ? null : `${Math.round(report.value.memoryBytes / 2 ** 30)} GB`)),
  };
});

function isReport(value: unknown): value is DoctorShown {
  return typeof value === 'object' && value !== null && Array.isArray((value as { backends?: unknown }).backends);
}
