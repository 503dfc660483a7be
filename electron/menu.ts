import type { MenuItemConstructorOptions } from 'electron';
import type { ShellCommand } from './bridge.ts';

export interface RecentStudy {
  key: string;
  name: string;
}

/** What the menu needs to know. */
export interface MenuState {
  platform: NodeJS.Platform;
  recent: readonly RecentStudy[];
  /** Undefined where this build has nowhere to look for updates: then nothing is said of them. */
  checkForUpdates: boolean | undefined;
  licences: boolean;
  development: boolean;
}

/** What a menu item does: it asks the window, or the shell. */
export interface MenuActions {
  send(command: ShellCommand): void;
  openStudy(): void;
  importData(): void;
  showDiagnostics(): void;
  showLicences(): void;
  setUpdates(on: boolean): void;
  lookForUpdate(): void;
}

type Items = MenuItemConstructorOptions[];
const separator = { type: 'separator' } as const;

/** The application's menus, as each system expects them. */
export function menuTemplate(state: MenuState, actions: MenuActions): Items {
  const mac = state.platform === 'darwin';
  return [
    ...(mac ? [applicationMenu(actions)] : []),
    { label: '&File', submenu: fileMenu(state, actions) },
    { role: 'editMenu', label: '&Edit' },
    { label: '&View', submenu: viewMenu(state, actions) },
    { role: 'windowMenu', label: '&Window' },
    { role: 'help', label: '&Help', submenu: helpMenu(state, actions) },
  ];
}

function applicationMenu(actions: MenuActions): MenuItemConstructorOptions {
  return {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      separator,
      settingsItem(actions),
      separator,
      { role: 'services' },
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      { role: 'quit' },
    ],
  };
}

function fileMenu({ platform, recent }: MenuState, actions: MenuActions): Items {
  const studies: Items = recent.map(({ key, name }) => ({
    label: name.replaceAll('&', '&&'),
    click: () => actions.send({ kind: 'open-recent', key }),
  }));
  return [
    { label: '&New Study…', accelerator: 'CmdOrCtrl+N', click: () => actions.send({ kind: 'new-study' }) },
    { label: '&Open Study…', accelerator: 'CmdOrCtrl+O', click: () => actions.openStudy() },
    { label: 'Open &Recent', enabled: studies.length > 0, submenu: studies },
    separator,
    { label: '&Import…', accelerator: 'CmdOrCtrl+Shift+I', click: () => actions.importData() },
    separator,
    { label: '&Close Study', click: () => actions.send({ kind: 'close-study' }) },
    ...(platform === 'darwin' ? ([{ role: 'close' }] satisfies Items) : []),
    ...(platform === 'darwin' ? [] : [separator, settingsItem(actions), separator, quitItem(platform)]),
  ];
}

function settingsItem(actions: MenuActions): MenuItemConstructorOptions {
  return {
    label: '&Settings…',
    accelerator: 'CmdOrCtrl+,',
    click: () => actions.send({ kind: 'show', screen: 'settings' }),
  };
}

/** Alt+F4 is the window manager's on Windows; Ctrl+Q is what Linux expects. */
function quitItem(platform: NodeJS.Platform): MenuItemConstructorOptions {
  return platform === 'win32' ? { role: 'quit', label: 'E&xit' } : { role: 'quit', accelerator: 'Ctrl+Q' };
}

/** Shortcuts that can be rebound in the window are shown there and here, and obeyed there only. */
function viewMenu({ development }: MenuState, actions: MenuActions): Items {
  return [
    {
      label: 'Search and &Do…',
      accelerator: 'CmdOrCtrl+K',
      registerAccelerator: false,
      click: () => actions.send({ kind: 'command-palette' }),
    },
    { label: '&Library', click: () => actions.send({ kind: 'show', screen: 'library' }) },
    { label: '&Activity', click: () => actions.send({ kind: 'show', screen: 'activity' }) },
    separator,
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    separator,
    { role: 'togglefullscreen' },
    ...(development ? ([separator, { role: 'reload' }, { role: 'toggleDevTools' }] satisfies Items) : []),
  ];
}

function helpMenu({ platform, checkForUpdates, licences }: MenuState, actions: MenuActions): Items {
  const updates: Items =
    checkForUpdates === undefined
      ? []
      : [
          separator,
          {
            label: 'Look for Updates When Starting',
            type: 'checkbox',
            checked: checkForUpdates,
            click: (item) => actions.setUpdates(item.checked),
          },
          { label: 'Look for an Update Now…', enabled: checkForUpdates, click: () => actions.lookForUpdate() },
        ];
  return [
    { label: '&Keyboard Shortcuts', click: () => actions.send({ kind: 'shortcuts' }) },
    separator,
    { label: '&Diagnostics…', click: () => actions.showDiagnostics() },
    ...(licences ? [{ label: '&Licences', click: () => actions.showLicences() }] : []),
    ...updates,
    ...(platform === 'darwin'
      ? []
      : [separator, { label: '&About Isochromat', click: () => actions.send({ kind: 'show', screen: 'about' }) }]),
  ];
}
