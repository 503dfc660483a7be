import { mdiProgressClock } from '@mdi/js';
import type { Feature } from '../../app/feature.ts';
import { messages } from '../../messages/en/index.ts';

const m = messages.activity;

/** The jobs of the study: running, waiting, done. */
export const activity: Feature = {
  routes: [{ path: '/activity', name: 'activity', component: () => import('./ActivityScreen.vue') }],
  navigation: [{ route: 'activity', title: m.title, icon: mdiProgressClock, order: 900, apart: true }],
};
