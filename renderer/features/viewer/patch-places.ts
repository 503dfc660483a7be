import { shallowRef, watch } from 'vue';
import type { ShallowRef } from 'vue';
import type { PatchRow } from '../../../main/server/contract.ts';
import { engine } from '../../api/client.ts';
import { useEngineEvent } from '../../api/engine-events.ts';
import { useLoad } from '../../api/load.ts';

/** A square of a slice that became a patch. */
export interface PatchPlace {
  slice: number;
  top: number;
  left: number;
  size: number;
  tissueClass: PatchRow['tissueClass'];
}

/** A patch whose place was asked for. */
export interface OutlinedPatch {
  volume: string;
  slice: number;
  top: number;
  left: number;
  size: number;
}

/** Places of the patches of a volume in the newest set. */
export interface PatchPlaces {
  volume: string;
  /** There is a set at all. */
  known: boolean;
  places: readonly PatchPlace[];
}

const AT_A_TIME = 1000;

/** Asks where the patches of a volume lie, while that is to be seen, and again when the study changed. */
export function usePatchPlaces(wanted: () => string | null): ShallowRef<PatchPlaces | null> {
  const shown = shallowRef<PatchPlaces | null>(null);
  const load = useLoad(async (): Promise<PatchPlaces | null> => {
    const volume = wanted();
    return volume === null ? null : placesOf(volume);
  }, [wanted]);
  watch(load.data, (data) => (shown.value = data ?? null));
  useEngineEvent('study', ({ change }) => void (change === 'content' && wanted() !== null && load.reload()));
  return shown;
}

async function placesOf(volume: string): Promise<PatchPlaces> {
  const sets = await engine.patchSets.list.query();
  const newest = sets.reduce<(typeof sets)[number] | undefined>(
    (best, set) => (best === undefined || set.created >= best.created ? set : best),
    undefined,
  );
  if (newest === undefined) return { volume, known: false, places: [] };
  const places: PatchPlace[] = [];
  for (;;) {
    const page = { patchSet: newest.id, volume, offset: places.length, limit: AT_A_TIME };
    const { total, patches } = await engine.patchSets.patches.query(page);
    for (const { slice, top, left, tissueClass } of patches) {
      places.push({ slice, top, left, tissueClass, size: newest.size });
    }
    if (places.length >= total || patches.length === 0) return { volume, known: true, places };
  }
}

/** The place of one patch as an address has it: `row,column,size`. */
export function placeFromQuery(text: unknown): { top: number; left: number; size: number } | null {
  if (typeof text !== 'string' || !/^\d{1,4},\d{1,4},\d{1,4}$/.test(text)) return null;
  const [top, left, size] = text.split(',').map(Number) as [number, number, number];
  return { top, left, size };
}
