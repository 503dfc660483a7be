import { createRouter, createWebHashHistory } from 'vue-router';
import type { Router } from 'vue-router';
import type { Feature } from './feature.ts';
import { useStudy } from './study.ts';

/** The screens of every feature. Those that show a study lead to the start while none is open. */
export function createScreens(features: readonly Feature[]): Router {
  const router = createRouter({
    // The part after # never reaches a server, so that any server of files will do.
    history: createWebHashHistory(),
    routes: [...features.flatMap((feature) => feature.routes), { path: '/:rest(.*)*', redirect: { name: 'start' } }],
  });
  router.beforeEach(async (to) => {
    const study = useStudy();
    await study.known;
    if (study.current === null && to.meta['withoutStudy'] !== true) return { name: 'start' };
    return true;
  });
  return router;
}
