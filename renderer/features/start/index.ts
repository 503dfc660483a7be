import { mdiFolderOpenOutline, mdiFolderPlusOutline } from '@mdi/js';
import type { Feature } from '../../app/feature.ts';
import { messages } from '../../messages/en/index.ts';

const m = messages.start;

/** The first screen: which study. */
export const start: Feature = {
  routes: [{ path: '/', name: 'start', component: () => import('./StartScreen.vue'), meta: { withoutStudy: true } }],
  commands: [
    { id: 'start.create', title: m.createShort, group: m.group, icon: mdiFolderPlusOutline, withoutStudy: true },
    { id: 'start.open', title: m.openShort, group: m.group, icon: mdiFolderOpenOutline, withoutStudy: true },
  ],
};
