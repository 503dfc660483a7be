import { mdiCogOutline } from '@mdi/js';
import type { Feature } from '../../app/feature.ts';
import { messages } from '../../messages/en/index.ts';

const m = messages.settings;

/** What the user prefers, what this machine can do, and what this program is. */
export const settings: Feature = {
  routes: [
    {
      path: '/settings/:section?',
      name: 'settings',
      component: () => import('./SettingsScreen.vue'),
      meta: { withoutStudy: true, keepOnChange: true },
    },
  ],
  navigation: [{ route: 'settings', title: m.title, icon: mdiCogOutline, order: 910, apart: true }],
};
