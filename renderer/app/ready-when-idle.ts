import { watch } from 'vue';
import type { Feature } from './feature.ts';
import { useStudy } from './study.ts';

/** As soon as a study is open, brings screens before they are asked for, one after another and only while there is nothing else to do. */
export function readyWhenIdle(features: readonly Feature[]): void {
  const study = useStudy();
  const stop = watch(
    () => study.current !== null,
    (open) => {
      if (!open) return;
      void Promise.resolve().then(() => stop());
      void inTurn(features);
    },
    { immediate: true },
  );
}

async function inTurn(features: readonly Feature[]): Promise<void> {
  for (const { routes, getReady } of features) {
    const screens = routes.flatMap(({ component }) => (typeof component === 'function' ? [component as Screen] : []));
    for (const work of [...screens, ...(getReady === undefined ? [] : [getReady])]) {
      await idle();
      // What cannot be had now is asked for again, and missed, when its screen is opened.
      await Promise.resolve(work()).catch(() => {});
    }
  }
}

type Screen = () => Promise<unknown>;

function idle(): Promise<void> {
  return new Promise((resolve) => requestIdleCallback(() => resolve(), { timeout: 2_000 }));
}
