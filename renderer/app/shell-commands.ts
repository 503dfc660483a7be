import { defineStore } from 'pinia';
import { onScopeDispose, shallowRef } from 'vue';
import { useRouter } from 'vue-router';
import type { PickedPath } from '../../main/server/contract.ts';
import type { EngineState, ShellCommand } from '../../electron/bridge.ts';
import { shell } from '../api/shell.ts';
import { useApplication } from './application.ts';
import { usePanels } from './panels.ts';
import { useCommands } from './commands.ts';
import { useStudy } from './study.ts';
import type { WhichStudy } from './study.ts';
import { useToasts } from './toasts.ts';

/** What the desktop asks of the window: menus, files that were double-clicked or dropped, and how its engine is. */
export const useShellCommands = defineStore('shell-commands', () => {
  const router = useRouter();
  const study = useStudy();
  const application = useApplication();
  const commands = useCommands();
  const panels = usePanels();
  const toasts = useToasts();
  /** Files handed over to be imported; the import takes them. */
  const handedOver = shallowRef<readonly PickedPath[]>([]);
  const engineState = shallowRef<EngineState>({ kind: 'ready' });

  async function open(which: WhichStudy): Promise<void> {
    await study.open(which);
    await application.enterStudy();
  }

  /** A command of the start screen, whose component has to be there first. */
  async function onStart(id: string): Promise<void> {
    await router.push({ name: 'start' });
    setTimeout(() => void commands.run(id), 100);
  }

  async function obey(command: ShellCommand): Promise<void> {
    switch (command.kind) {
      case 'new-study':
        return onStart('start.create');
      case 'open-study':
        return open({ folder: command.study.token });
      case 'open-recent':
        return open({ recent: command.key });
      case 'close-study':
        return study.close();
      case 'import':
        handedOver.value = command.sources;
        return void (await router.push({ name: 'import' }));
      case 'show':
        if (command.screen === 'about')
          return void (await router.push({ name: 'settings', params: { section: 'about' } }));
        return void (await router.push({ name: command.screen }));
      case 'command-palette':
        return void (panels.palette = true);
      case 'shortcuts':
        return void (panels.shortcuts = true);
    }
  }

  if (shell !== undefined) {
    const stop = [
      shell.onCommand((command) => void obey(command).catch((thrown: unknown) => toasts.failed(thrown))),
      shell.onEngine((state) => void (engineState.value = state)),
    ];
    onScopeDispose(() => stop.forEach((end) => end()));
  }

  /** Gives what was handed over, once. */
  function take(): PickedPath[] {
    const taken = [...handedOver.value];
    handedOver.value = [];
    return taken;
  }

  return { handedOver, engineState, take };
});
