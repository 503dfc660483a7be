import { onScopeDispose, watch } from 'vue';
import { useViewer } from './store.ts';

/** Shows the slices one after another at the chosen rate. A slice that is late is shown late; none is left out. */
export function useCine(): void {
  const viewer = useViewer();
  let timer: ReturnType<typeof setInterval> | undefined;
  watch(
    () => [viewer.cine.playing, viewer.cine.rate] as const,
    ([playing, rate]) => {
      clearInterval(timer);
      if (!playing) return;
      const perSecond = Math.min(Math.max(rate || 1, 1), 60);
      timer = setInterval(() => viewer.stepRound(), 1000 / perSecond);
    },
  );
  onScopeDispose(() => {
    clearInterval(timer);
    viewer.cine.playing = false;
  });
}
