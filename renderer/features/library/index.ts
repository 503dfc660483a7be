import { mdiViewList } from '@mdi/js';
import type { Feature } from '../../app/feature.ts';
import { messages } from '../../messages/en/index.ts';

const m = messages.library;

/** The volumes of the study: found, compared, corrected, removed. */
export const library: Feature = {
  routes: [{ path: '/library', name: 'library', component: () => import('./LibraryScreen.vue') }],
  navigation: [{ route: 'library', title: m.title, icon: mdiViewList, order: 10 }],
  find: async (text, most) => (await import('./find.ts')).findVolumes(text, most),
  commands: [
    { id: 'library.search', title: m.focusSearch, group: m.group, keys: ['/'] },
    { id: 'library.select-all', title: m.selectAll, group: m.group, keys: ['Mod+A'] },
    { id: 'library.select-none', title: m.selectNone, group: m.group, keys: ['Escape'], palette: false },
    { id: 'library.open', title: m.openVolume, group: m.group, keys: ['Enter'], palette: false },
    { id: 'library.correct', title: m.correct, group: m.group, keys: ['E'] },
    { id: 'library.remove', title: m.remove, group: m.group, keys: ['Delete'] },
    { id: 'library.labels', title: m.labels.open, group: m.group },
    { id: 'library.trash', title: m.trash, group: m.group },
  ],
};
