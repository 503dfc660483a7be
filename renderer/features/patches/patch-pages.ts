import type { PatchRow, PatchSetRow } from '../../../main/server/contract.ts';
import { fetchArray } from '../../api/arrays.ts';
import { ByteCache } from '../../imaging/index.ts';

/** What the wall needs to know of a set. */
export type ShownSet = Pick<PatchSetRow, 'id' | 'size' | 'counts'>;

/** Patches that are fetched at a time, side by side in their file. */
const PAGE = 32;

const pages = new ByteCache<Float32Array>(64 * 1024 * 1024, (data) => data.byteLength);

/** The pixels of a patch, `[2, size, size]`. Neighbours in the file come along. */
export async function loadPatch(
  set: ShownSet,
  { split, position }: Pick<PatchRow, 'split' | 'position'>,
): Promise<Float32Array> {
  const from = Math.floor(position / PAGE) * PAGE;
  const count = Math.min(PAGE, set.counts[split] - from);
  const page = await pages.get(`${set.id}/${split}/${from}`, async () => {
    const { data } = await fetchArray(`patch-sets/${set.id}/patches?split=${split}&from=${from}&count=${count}`);
    return data as Float32Array;
  });
  const length = 2 * set.size * set.size;
  return page.subarray((position - from) * length, (position - from + 1) * length);
}
