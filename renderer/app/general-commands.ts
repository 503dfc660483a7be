import { mdiKeyboardOutline, mdiMagnify, mdiRedo, mdiThemeLightDark, mdiUndo } from '@mdi/js';
import { useRouter } from 'vue-router';
import { messages } from '../messages/en/index.ts';
import { useCommands } from './commands.ts';
import { useNavigation } from './navigation.ts';
import { usePanels } from './panels.ts';
import { useSettings } from './settings.ts';
import { useStudy } from './study.ts';
import { useUndo } from './undo.ts';

const m = messages.app;

/** Commands that belong to no feature: the palette, undo, the theme, and going to each screen. */
export function useGeneralCommands(): void {
  const commands = useCommands();
  const panels = usePanels();
  const undo = useUndo();
  const settings = useSettings();
  const study = useStudy();
  const router = useRouter();
  const group = m.groups.general;
  commands.register([
    {
      id: 'app.palette',
      title: m.palette,
      group,
      keys: ['Mod+K'],
      icon: mdiMagnify,
      palette: false,
      withoutStudy: true,
      run: () => void (panels.palette = !panels.palette),
    },
    {
      id: 'app.shortcuts',
      title: m.shortcuts,
      group,
      keys: ['?'],
      icon: mdiKeyboardOutline,
      withoutStudy: true,
      run: () => void (panels.shortcuts = true),
    },
    { id: 'app.undo', title: m.undo, group, keys: ['Mod+Z'], icon: mdiUndo, run: () => undo.undo() },
    { id: 'app.redo', title: m.redo, group, keys: ['Mod+Shift+Z', 'Mod+Y'], icon: mdiRedo, run: () => undo.redo() },
    {
      id: 'app.theme',
      title: m.toggleTheme,
      group,
      icon: mdiThemeLightDark,
      withoutStudy: true,
      run: () => settings.change({ theme: settings.values.theme === 'light' ? 'dark' : 'light' }),
    },
    { id: 'study.close', title: m.closeStudy, group: m.groups.study, run: () => study.close() },
  ]);
  commands.register(
    useNavigation().map(({ route, title, icon }) => ({
      id: `go.${route}`,
      title: m.goTo(title),
      group: m.groups.go,
      icon,
      withoutStudy: router.resolve({ name: route }).meta['withoutStudy'] === true,
      run: async () => void (await router.push({ name: route })),
    })),
  );
}
