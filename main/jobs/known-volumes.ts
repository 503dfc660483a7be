import type { WorkContext } from '../domain/progress.ts';
import type { Study, Volume } from '../study/index.ts';
import type { NumberedVolume } from './intake/find.ts';
import { mapInWorkers } from './parallel.ts';

/** Hashing is bound by the disk; the rest of the machine is left to whoever looks at the scans meanwhile. */
const THREADS = 2;

/**
 * Those of the found volumes that are in the study already, by what its catalogue knows of their sources anyway: the size tells which
 * files need to be read at all, their SHA-256 decides. Nothing is written, and what was hashed is not kept. A file that cannot be read is not known: the
 * import says what is wrong with it.
 * @throws IsochromatError `cancelled`
 */
export async function knownVolumes(
  study: Study,
  found: readonly NumberedVolume[],
  { onProgress, signal }: WorkContext = {},
): Promise<{ found: NumberedVolume; volume: Volume }[]> {
  const sizes = study.volumes.sourceSizes();
  const likely = found.filter(({ sources }) => sizes.has(sources.reduce((sum, { bytes }) => sum + bytes, 0)));
  // Volumes of the same files are hashed once.
  const groups = [...Map.groupBy(likely, ({ files }) => files.join('\n')).values()];
  const stage = 'Recognising';
  onProgress?.({ stage, done: 0, total: groups.length });
  const outcomes = await mapInWorkers<readonly string[], string>(
    new URL('./intake/known-worker.ts', import.meta.url),
    'hashSource',
    groups.map(([first]) => first!.files),
    {
      what: 'Recognising what is in the study',
      threads: THREADS,
      ...(signal === undefined ? {} : { signal }),
      onProgress: (done, total) => onProgress?.({ stage, done, total }),
    },
  );
  return groups.flatMap((group, i) => {
    const outcome = outcomes[i]!;
    if (!outcome.ok) return [];
    return group.flatMap((each) => {
      const volume = study.volumes.findBySource(outcome.value, each.index);
      return volume === undefined ? [] : [{ found: each, volume }];
    });
  });
}
