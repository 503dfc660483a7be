import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { OpenedStudy, PathToken } from '../../main/server/contract.ts';
import { engine } from '../api/client.ts';
import { useEngineEvent } from '../api/engine-events.ts';

/** What names a study to open: one of the recent ones, or a folder that was picked. */
export type WhichStudy = { recent: string } | { folder: PathToken };

/** The study that is open, if any. */
export const useStudy = defineStore('study', () => {
  const current = shallowRef<OpenedStudy | null>(null);

  async function refresh(): Promise<void> {
    current.value = await engine.study.current.query();
  }

  /** Settles when it is known whether a study is open; also when the engine does not answer. */
  const known = refresh().catch(() => {});

  let recovering: Promise<void> | undefined;
  /** After the engine was away: it may have begun anew, without the study that is open here. */
  function recover(): Promise<void> {
    // The line may come back twice in a breath.
    recovering ??= reopen().finally(() => (recovering = undefined));
    return recovering;
  }

  async function reopen(): Promise<void> {
    const before = current.value;
    const now = await engine.study.current.query();
    if (now !== null || before === null) {
      current.value = now;
      return;
    }
    const recent = (await engine.study.recent.query()).find(({ id }) => id === before.id);
    if (recent === undefined) current.value = null;
    else await open({ recent: recent.key });
  }

  async function open(which: WhichStudy): Promise<void> {
    current.value = await engine.study.open.mutate(which);
  }

  /** Makes a study in the folder that was picked, or in a new one inside it where that is not empty. */
  async function create(name: string, folder: PathToken): Promise<void> {
    current.value = await engine.study.create.mutate({ name, folder });
  }

  async function close(): Promise<void> {
    await engine.study.close.mutate();
    current.value = null;
  }

  // Another window, the menu or a demo job may open and close studies too.
  useEngineEvent('study', (data) => {
    if (data.change !== 'content') void refresh().catch(() => {});
  });

  return { current, known, refresh, recover, open, create, close };
});
