import { mdiImageMultipleOutline } from '@mdi/js';
import type { Feature } from '../../app/feature.ts';
import { messages } from '../../messages/en/index.ts';
import { viewerCommands } from './commands.ts';

/** Complex slices on the screen, and what readers draw on them. */
export const viewer: Feature = {
  routes: [
    {
      path: '/viewer/:volume?',
      name: 'viewer',
      component: () => import('./ViewerScreen.vue'),
      // Going from volume to volume keeps the panes, the tool and the layout.
      meta: { keepOnChange: true },
    },
  ],
  navigation: [{ route: 'viewer', title: messages.viewer.title, icon: mdiImageMultipleOutline, order: 20 }],
  commands: viewerCommands,
  getReady: async () => (await import('./get-ready.ts')).getReady(),
};
