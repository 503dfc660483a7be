import { fetchArray } from '../api/arrays.ts';
import type { CoilComponent, Slice } from './components.ts';
import { ByteCache } from './slice-cache.ts';

const coils = new ByteCache<Slice>(64 * 1024 * 1024, ({ data }) => 1.5 * data.byteLength);

/** What one coil saw of a slice, or how sensitive it was: complex, on the grid of the slice. */
export function loadCoil(volume: string, slice: number, coil: number, component: CoilComponent): Promise<Slice> {
  const array = component.startsWith('coil') ? 'coils' : 'sensitivities';
  return coils.get(`${volume}/${array}/${slice}/${coil}`, async () => {
    const { data, shape } = await fetchArray(`volumes/${volume}/${array}/${slice}/${coil}?part=complex&as=native`);
    const [rows, columns] = shape.slice(-2);
    return { rows: rows!, columns: columns!, data: data as Float32Array };
  });
}

export function forgetCoils(): void {
  coils.forget('');
}
