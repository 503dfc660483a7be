import { defineStore } from 'pinia';
import { ref, shallowRef, watch } from 'vue';
import type { Settings, SettingsChange } from '../../main/server/contract.ts';
import { engine } from '../api/client.ts';
import { useCommands } from './commands.ts';

/** What holds until the engine has told the user's own. */
const DEFAULTS: Settings = {
  theme: 'dark',
  backend: null,
  threads: null,
  updates: false,
  notifications: true,
  reader: '',
  reducedMotion: 'system',
  display: { phaseMap: 'colour', interpolation: true, phaseMask: 0.05, radiological: true },
  shortcuts: {},
};

/** The user's settings for all studies, kept by the engine. */
export const useSettings = defineStore('settings', () => {
  const values = shallowRef<Settings>(DEFAULTS);
  const known = ref(false);
  const commands = useCommands();

  async function load(): Promise<void> {
    try {
      values.value = await engine.system.settings.query();
      known.value = true;
      commands.bindings = Object.fromEntries(
        Object.entries(values.value.shortcuts).map(([id, keys]) => [id, keys.split(' ').filter((key) => key !== '')]),
      );
    } catch {
      // The engine is not there; its banner says so, and the defaults will do until it is back.
    }
  }

  /** Shown at once; asked back from the engine, which may refuse. */
  async function change(part: SettingsChange): Promise<void> {
    const before = values.value;
    values.value = { ...before, ...part, display: { ...before.display, ...part.display } } as Settings;
    try {
      values.value = await engine.system.changeSettings.mutate(part);
    } catch (thrown) {
      values.value = before;
      throw thrown;
    }
  }

  watch(
    () => commands.bindings,
    (bindings) => {
      if (!known.value) return;
      const shortcuts = Object.fromEntries(Object.entries(bindings).map(([id, keys]) => [id, keys.join(' ')]));
      if (JSON.stringify(shortcuts) !== JSON.stringify(values.value.shortcuts))
        void change({ shortcuts }).catch(() => {});
    },
  );

  return { values, known, load, change };
});
