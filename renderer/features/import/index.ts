import { mdiDatabaseImportOutline } from '@mdi/js';
import type { Feature } from '../../app/feature.ts';
import { messages } from '../../messages/en/index.ts';

const m = messages.intake;

/** Bringing volumes into the study, in four steps on one page. */
export const intake: Feature = {
  routes: [{ path: '/import', name: 'import', component: () => import('./ImportScreen.vue') }],
  commands: [
    { id: 'import.open', title: m.open, group: m.group, keys: ['Mod+I'], icon: mdiDatabaseImportOutline, to: 'import' },
  ],
};
