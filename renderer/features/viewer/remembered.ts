import { watch } from 'vue';
import { useSession } from '../../app/session.ts';
import { useStudy } from '../../app/study.ts';
import { LAYOUTS } from './layouts.ts';
import { useViewer } from './store.ts';

interface Place {
  volume: string;
  slice: number;
}

/** The study whose state was taken up last. */
let takenUp: string | undefined;

/** The layout, the overlays and the slice are those that the study was left with. */
export function useRemembered(): { sliceOf: (volume: string) => number | undefined } {
  const session = useSession();
  const viewer = useViewer();
  const nothing: Place = { volume: '', slice: 0 };

  const study = useStudy().current?.id;
  // What was chosen since goes before what was left earlier.
  let fresh = study !== takenUp;
  takenUp = study;
  if (fresh) {
    const left: string = session.get('viewer.layout', '');
    const layout = LAYOUTS.find((one) => one === left);
    // Beside nothing there is nothing to compare.
    if (layout !== undefined && layout !== 'compare') viewer.layout = layout;
    const overlays = session.get<Record<string, unknown>>('viewer.overlays', {});
    for (const name of Object.keys(viewer.overlays) as (keyof typeof viewer.overlays)[]) {
      if (typeof overlays[name] === 'boolean') viewer.overlays[name] = overlays[name];
    }
  }
  watch(
    () => viewer.layout,
    (layout) => session.set('viewer.layout', layout),
  );
  watch(viewer.overlays, (overlays) => session.set('viewer.overlays', { ...overlays }));
  watch(
    () => [viewer.first?.id, viewer.slice] as const,
    ([volume, slice]) => {
      if (volume !== undefined) session.set('viewer.place', { volume, slice } satisfies Place);
    },
  );

  return {
    sliceOf(volume) {
      const left = session.get<Place>('viewer.place', nothing);
      const wanted = fresh && left.volume === volume && Number.isInteger(left.slice) ? left.slice : undefined;
      fresh = false;
      return wanted;
    },
  };
}
