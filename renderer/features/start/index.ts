import { mdiFolderOpenOutline, mdiFolderPlusOutline } from '@mdi/js';
import { defineAsyncComponent } from 'vue';
import type { Feature } from '../../app/feature.ts';
import { messages } from '../../messages/en/index.ts';

const m = messages.start;

/** The first screen: which study; and the way through the demo study. */
export const start: Feature = {
  routes: [{ path: '/', name: 'start', component: () => import('./StartScreen.vue'), meta: { withoutStudy: true } }],
  banner: defineAsyncComponent(() => import('./components/DemoGuide.vue')),
  commands: [
    { id: 'start.create', title: m.createShort, group: m.group, icon: mdiFolderPlusOutline, withoutStudy: true },
    { id: 'start.open', title: m.openShort, group: m.group, icon: mdiFolderOpenOutline, withoutStudy: true },
  ],
};
