import { basename, dirname, relative } from 'node:path';
import { IsochromatError } from '../domain/errors.ts';
import type { WorkContext } from '../domain/progress.ts';
import { placeOf } from '../jobs/import.ts';
import { describeVolume } from '../jobs/inspect.ts';
import { knownVolumes } from '../jobs/known-volumes.ts';
import { findVolumes } from '../jobs/intake/find.ts';
import type { NumberedVolume } from '../jobs/intake/find.ts';
import type { Refusal } from '../jobs/intake/handler.ts';
import { IMAGE_SIZE } from '../recon/index.ts';
import type { Study } from '../study/index.ts';
import type { Tasks } from './tasks.ts';
import type { FoundVolume, KnownVolume, ScanResult } from './wire.ts';

/** What a scan of folders found: what is shown, and each volume with its files, which the engine keeps to itself. */
export interface Scan {
  shown: ScanResult;
  volumes: ReadonlyMap<string, NumberedVolume>;
}

const NAMED_REFUSALS = 20;

/** Looks what there is to import below these paths. Writes nothing. */
export async function scanPaths(paths: readonly string[], context: WorkContext): Promise<Scan> {
  const { volumes, refused, otherFiles } = await findVolumes(paths, { thorough: true }, context);
  const keyed = volumes.map((volume, i) => ({ key: `v${i}`, volume }));
  return {
    shown: {
      volumes: keyed.map(({ key, volume }) => found(key, volume, paths)),
      refused: byReason(refused),
      otherFiles,
    },
    volumes: new Map(keyed.map(({ key, volume }) => [key, volume])),
  };
}

/** @throws IsochromatError `no-such-task`, `scan-not-done` */
export function finishedScan({ tasks }: { tasks: Tasks }, task: string): Scan {
  const state = tasks.get<Scan>('scan', task);
  if (state.state === 'done') return state.result;
  throw new IsochromatError({ code: 'scan-not-done', sentence: 'The scan has not come to its end.' });
}

/** @throws IsochromatError `no-such-volume` */
export function scannedVolume({ volumes }: Scan, key: string): NumberedVolume {
  const volume = volumes.get(key);
  if (volume !== undefined) return volume;
  throw new IsochromatError({ code: 'no-such-volume', sentence: 'The scan found no such volume.', found: key });
}

/** Which of the scanned volumes the study holds. Reads the files whose sizes it knows, and keeps nothing. */
export async function recogniseScan(study: Study, { volumes }: Scan, context: WorkContext): Promise<KnownVolume[]> {
  const keys = new Map([...volumes].map(([key, volume]) => [volume, key]));
  const known = await knownVolumes(study, [...volumes.values()], context);
  return known.map(({ found: scanned, volume: { id, name } }) => ({ key: keys.get(scanned)!, volume: { id, name } }));
}

function found(key: string, volume: NumberedVolume, picked: readonly string[]): FoundVolume {
  const { geometry: _, files, ...shown } = describeVolume(volume);
  const place = placeOf(volume);
  const root = picked.find((path) => place === path || !relative(path, place).startsWith('..')) ?? place;
  const inside = relative(dirname(root), dirname(place));
  return {
    ...shown,
    key,
    coilBytes: coilBytes(volume),
    fileCount: files.length,
    name: basename(place),
    place: inside === '' ? [] : inside.split(/[\\/]/),
  };
}

/** An image and a sensitivity of each coil, complex64 on the stored grid. */
function coilBytes({ components, coils }: NumberedVolume): number | null {
  if (!components.includes('k-space') || coils === null || coils < 2) return null;
  return 2 * coils * IMAGE_SIZE ** 2 * 2 * Float32Array.BYTES_PER_ELEMENT;
}

/** Grouped: a folder of thousands of other files is one line. */
function byReason(refused: readonly Refusal[]): ScanResult['refused'] {
  const groups = new Map<string, ScanResult['refused'][number]>();
  for (const { path, code, reason } of refused) {
    const group = groups.get(`${code} ${reason}`) ?? { code, reason, count: 0, names: [] };
    group.count++;
    if (group.names.length < NAMED_REFUSALS) group.names.push(basename(path));
    groups.set(`${code} ${reason}`, group);
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}
