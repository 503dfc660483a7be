import type { IdentifyingValue } from '../domain/identity.ts';
import type { WorkContext } from '../domain/progress.ts';
import type { NumberedVolume } from './intake/find.ts';
import type { VolumePreview } from './intake/preview-worker.ts';
import { mapInWorkers } from './parallel.ts';
import type { ItemOutcome } from './parallel.ts';

/** As for a scan: files are not to be trusted, so what reads them has little memory, little time, and a process of its own. */
const PROCESSES = { megabytes: 768, items: 200 } as const;
const THREADS = 2;
const PATIENCE_MS = { kspace: 180_000, image: 30_000 } as const;
const SLOWEST_BYTES_PER_MS = 20_000;

/**
 * Reads a few slices of each volume as an import would. A volume at which a reader fails, hangs or dies is one outcome; memory holds
 * what is not yet taken by `onOutcome`.
 * @throws IsochromatError `cancelled`
 */
export async function previewVolumes(
  volumes: readonly NumberedVolume[],
  onOutcome: (outcome: ItemOutcome<VolumePreview>, index: number) => void,
  { signal }: WorkContext = {},
): Promise<void> {
  await mapInWorkers<NumberedVolume, VolumePreview>(WORKER, 'previewVolume', volumes, {
    ...guards('Looking at the volumes', signal),
    keepOutcomes: false,
    onOutcome,
  });
}

/**
 * Whom the files of each volume are about, name by name: to be shown, and nothing else.
 * @throws IsochromatError `cancelled`
 */
export function identifyVolumes(
  volumes: readonly NumberedVolume[],
  { signal }: WorkContext = {},
): Promise<ItemOutcome<IdentifyingValue[]>[]> {
  return mapInWorkers(WORKER, 'identifyVolume', volumes, guards('Looking for names', signal));
}

const WORKER = new URL('./intake/preview-worker.ts', import.meta.url);

function guards(what: string, signal: AbortSignal | undefined) {
  return {
    what,
    threads: THREADS,
    processes: PROCESSES,
    timeLimit: ({ components, sources }: NumberedVolume): number =>
      PATIENCE_MS[components.includes('k-space') ? 'kspace' : 'image'] +
      sources.reduce((sum, { bytes }) => sum + bytes, 0) / SLOWEST_BYTES_PER_MS,
    ...(signal === undefined ? {} : { signal }),
  };
}
