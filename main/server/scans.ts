import { basename, dirname, relative } from 'node:path';
import type { WorkContext } from '../domain/progress.ts';
import { placeOf } from '../jobs/import.ts';
import { describeVolume } from '../jobs/inspect.ts';
import { findVolumes } from '../jobs/intake/find.ts';
import type { NumberedVolume } from '../jobs/intake/find.ts';
import type { Refusal } from '../jobs/intake/handler.ts';
import type { FoundVolume, ScanResult } from './wire.ts';

/** What a scan of folders found: what is shown, and the files of each volume, which the engine keeps to itself. */
export interface Scan {
  shown: ScanResult;
  files: ReadonlyMap<string, readonly string[]>;
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
    files: new Map(keyed.map(({ key, volume }) => [key, volume.files])),
  };
}

function found(key: string, volume: NumberedVolume, picked: readonly string[]): FoundVolume {
  const { geometry: _, files, ...shown } = describeVolume(volume);
  const place = placeOf(volume);
  const root = picked.find((path) => place === path || !relative(path, place).startsWith('..')) ?? place;
  const inside = relative(dirname(root), dirname(place));
  return {
    ...shown,
    key,
    fileCount: files.length,
    name: basename(place),
    place: inside === '' ? [] : inside.split(/[\\/]/),
    identity: { patient: volume.identity.patient, name: volume.identity.name },
  };
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
