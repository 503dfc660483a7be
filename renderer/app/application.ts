import { defineStore } from 'pinia';
import { watch } from 'vue';
import { useRouter } from 'vue-router';
import { useTheme } from 'vuetify';
import { useEngine } from '../api/engine-events.ts';
import { useGeneralCommands } from './general-commands.ts';
import { useJobs } from './jobs.ts';
import { useMachine } from './machine.ts';
import { useSession } from './session.ts';
import { useSettings } from './settings.ts';
import { useStudy } from './study.ts';
import { useUndo } from './undo.ts';

/** What happens beside the screens: settings, session and jobs follow the engine and the open study. */
export const useApplication = defineStore('application', () => {
  const theme = useTheme();
  const router = useRouter();
  const engine = useEngine();
  const study = useStudy();
  const settings = useSettings();
  const session = useSession();
  const jobs = useJobs();
  const machine = useMachine();
  const undo = useUndo();
  useGeneralCommands();

  watch(
    () => settings.values.theme,
    (name) => theme.change(name),
  );
  watch(
    () => settings.values.reducedMotion,
    (motion) => {
      document.documentElement.classList.toggle('still', motion === 'on');
      document.documentElement.classList.toggle('moving', motion === 'off');
    },
  );
  watch(
    () => study.current?.id,
    async (id, before) => {
      undo.forget();
      jobs.forget();
      if (id === undefined) {
        session.leave();
        if (before !== undefined) await router.push({ name: 'start' });
        return;
      }
      await Promise.all([session.enter(id), jobs.refresh()]).catch(() => {});
    },
    { immediate: true },
  );
  watch(
    () => engine.returns,
    async () => {
      await study.recover().catch(() => {});
      engine.askAnew();
      if (study.current !== null) await jobs.refresh().catch(() => {});
    },
  );
  router.afterEach((to) => {
    if (study.current !== null && to.meta['withoutStudy'] !== true) session.set('route', to.fullPath);
  });

  async function begin(): Promise<void> {
    engine.connect();
    await settings.load();
    await machine.refresh().catch(() => {});
    await router.isReady();
    // A window that comes upon an open study goes on where that was left.
    if (study.current !== null && router.currentRoute.value.name === 'start') await enterStudy();
  }

  /** The screen a study opens with: where it was left, else the library. */
  async function enterStudy(): Promise<void> {
    if (study.current === null) return;
    await session.enter(study.current.id).catch(() => {});
    const left = session.get<string>('route', '/library');
    await router.push(router.resolve(left).name === undefined ? { name: 'library' } : left);
  }

  return { begin, enterStudy };
});
