import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { useRouter } from 'vue-router';
import type { Router } from 'vue-router';
import type { JobRecord } from '../../main/server/contract.ts';
import { engine } from '../api/client.ts';
import { useEngineEvent } from '../api/engine-events.ts';
import { messages } from '../messages/en/index.ts';
import { percentOf } from '../ui/format.ts';
import { useSession, VOLUME_IN_HAND } from './session.ts';
import { useToasts } from './toasts.ts';

const ENDED = new Set(['succeeded', 'cancelled', 'failed', 'out-of-memory', 'crashed', 'interrupted']);

/** The jobs of the open study, kept up to date by the engine's events. */
export const useJobs = defineStore('jobs', () => {
  const all = ref<readonly JobRecord[]>([]);
  const loaded = ref(false);

  const router = useRouter();

  async function refresh(): Promise<void> {
    all.value = (await engine.jobs.list.query()) as JobRecord[];
    loaded.value = true;
  }

  function forget(): void {
    all.value = [];
    loaded.value = false;
  }

  function put(job: JobRecord): void {
    const before = all.value.find((one) => one.id === job.id);
    all.value = before === undefined ? [job, ...all.value] : all.value.map((one) => (one.id === job.id ? job : one));
    if (before !== undefined && !ENDED.has(before.state) && ENDED.has(job.state)) announce(job);
  }

  function announce(job: JobRecord): void {
    const toasts = useToasts();
    const lead = leadOf(job, router);
    const action = lead === undefined ? {} : { action: { label: messages.app.show, run: lead } };
    if (job.state === 'succeeded') {
      toasts.show({ kind: 'success', text: job.outcome?.summary ?? messages.app.jobDone(job.title), ...action });
    } else if (job.state === 'cancelled') toasts.show({ text: messages.app.jobCancelled(job.title) });
    else toasts.show({ kind: 'error', text: job.error?.sentence ?? messages.app.jobFailed(job.title), ...action });
  }

  useEngineEvent('job', (job) => put(job));
  useEngineEvent('progress', (data) => {
    if (!('job' in data)) return;
    all.value = all.value.map((one) => (one.id === data.job ? { ...one, progress: data.progress } : one));
  });

  const active = computed(() => all.value.filter((job) => !ENDED.has(job.state)));
  const running = computed(() => all.value.filter((job) => job.state === 'running'));
  /** How far the oldest running job is; null where nobody can tell. */
  const percent = computed(() => {
    const oldest = running.value.at(-1);
    return oldest === undefined ? null : percentOf(oldest.progress?.share);
  });

  return { all, loaded, active, running, percent, refresh, forget, put, leadOf };
});

/** The screen on which to see what each kind of job made, where there is such a screen. */
const SCREENS: Partial<Record<JobRecord['kind'], string>> = {
  demo: 'library',
  import: 'library',
  annotate: 'annotations',
  patches: 'patches',
};

/** How to go to what a job made; undefined where it made nothing that can be shown. */
function leadOf(job: JobRecord, router: Router): (() => void) | undefined {
  const screen = SCREENS[job.kind];
  if (job.state !== 'succeeded' || screen === undefined || !router.hasRoute(screen)) return undefined;
  return () => {
    // The first volume that was brought in is the one to look at.
    if (job.kind === 'import' && job.items[0] !== undefined) useSession().set(VOLUME_IN_HAND, job.items[0]);
    void router.push({ name: screen });
  };
}

export function hasEnded(job: Pick<JobRecord, 'state'>): boolean {
  return ENDED.has(job.state);
}
