import { mdiGrid } from '@mdi/js';
import type { Feature } from '../../app/feature.ts';
import { messages } from '../../messages/en/index.ts';

/** What the models learn from: settings, what they would take, and what was taken. */
export const patches: Feature = {
  routes: [
    {
      path: '/patches/:set?',
      name: 'patches',
      component: () => import('./PatchesScreen.vue'),
      meta: { keepOnChange: true },
    },
  ],
  navigation: [{ route: 'patches', title: messages.patches.title, icon: mdiGrid, order: 30 }],
};
