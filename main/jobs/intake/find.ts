import { setImmediate } from 'node:timers/promises';
import { cancelled } from '../../domain/errors.ts';
import type { WorkContext } from '../../domain/progress.ts';
import { mapInWorkers } from '../parallel.ts';
import type { FoundVolume, Refusal, SourceFile } from './handler.ts';
import { HANDLERS } from './registry.ts';
import type { Scanned } from './scan-worker.ts';
import { recognise, refusalOf } from './recognise.ts';
import { sharer } from './share.ts';
import { walk } from './walk.ts';
import type { WalkedFile } from './walk.ts';
import { withinLimits } from './within-limits.ts';

/** A volume with its place among those of the same files. */
export interface NumberedVolume extends FoundVolume {
  index: number;
  /** As the walk saw them, to notice when they change before they are read again. */
  sources: SourceFile[];
}

export interface Intake {
  volumes: NumberedVolume[];
  refused: Refusal[];
  /** Files of other kinds among the scans; nothing is done with them. */
  otherFiles: number;
}

export interface FindOptions {
  /** Decode compressed pixels too: what is damaged is then refused now and not when it is imported. */
  thorough?: boolean;
  /** Default: one a core. */
  threads?: number;
}

/** No sound file takes longer to be described, whatever it holds … */
const PATIENCE_MS = 10_000;
/** … but a large one has to be read from a disk first. */
const SLOWEST_BYTES_PER_MS = 20_000;
/** Megabytes of JavaScript heap that describing a file may take: in a process of its own, which nothing but itself can bring down. */
const MEMORY_LIMIT = 768;
/** Headers take less time than the way to another process and back. */
const AHEAD = 31;

/**
 * The first links of the import chain over files and folders: recognise, read, pair. Nothing is written. A file at which a
 * reader hangs or dies is refused, and the others go on.
 * @throws IsochromatError `cancelled`
 */
export async function findVolumes(
  paths: readonly string[],
  options: FindOptions = {},
  context: WorkContext = {},
): Promise<Intake> {
  const { files: all, refused } = await walk(paths, context);
  const readings = new Map<string, unknown[]>();
  const share = sharer();
  const intake: Intake = { volumes: [], refused, otherFiles: 0 };
  const files = await recognised(all, intake, context);
  const stage = 'Reading headers';
  await mapInWorkers<SourceFile, Scanned>(new URL('./scan-worker.ts', import.meta.url), 'scanFile', files, {
    what: 'Looking for scans',
    shared: { thorough: options.thorough === true },
    timeLimit: ({ bytes }: SourceFile) => PATIENCE_MS + bytes / SLOWEST_BYTES_PER_MS,
    processes: { megabytes: MEMORY_LIMIT, items: 2000 },
    ahead: AHEAD,
    keepOutcomes: false,
    ...(options.threads === undefined ? {} : { threads: options.threads }),
    ...(context.signal === undefined ? {} : { signal: context.signal }),
    onProgress: (done, total) => context.onProgress?.({ stage, done, total }),
    onOutcome: (outcome, index) => {
      const { path } = files[index]!;
      if (!outcome.ok) intake.refused.push(refusalOf(outcome.error, path));
      else if (outcome.value.kind === 'refused') intake.refused.push(outcome.value.refusal);
      else if (outcome.value.kind === 'other') intake.otherFiles += 1;
      else {
        const { format, reading } = outcome.value;
        const list = readings.get(format) ?? [];
        list.push(share(reading));
        readings.set(format, list);
      }
    },
  });
  const found: FoundVolume[] = [];
  for (const handler of HANDLERS) {
    const { volumes, refused: unpaired } = handler.pair(readings.get(handler.format) ?? []);
    const bounded = withinLimits(volumes);
    found.push(...bounded.volumes);
    intake.refused.push(...unpaired, ...bounded.refused);
  }
  const byPath = new Map(files.map(({ path, bytes, mtimeMs }) => [path, { path, bytes, mtimeMs }]));
  intake.volumes = number(found).map((volume) => ({
    ...volume,
    sources: volume.files.map((path) => byPath.get(path)!),
  }));
  intake.refused.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return intake;
}

/** The files that look like ours; the others are counted, or refused. */
async function recognised(files: readonly WalkedFile[], intake: Intake, context: WorkContext): Promise<WalkedFile[]> {
  const ours: WalkedFile[] = [];
  for (const [done, file] of files.entries()) {
    if (done % 500 === 0) {
      context.onProgress?.({ stage: 'Recognising files', done, total: files.length });
      await setImmediate();
      if (context.signal?.aborted === true) throw cancelled('Looking for scans');
    }
    const verdict = recognise(file);
    if (verdict === 'ours') ours.push(file);
    else if (verdict === undefined) intake.otherFiles += 1;
    else intake.refused.push(verdict);
  }
  return ours;
}

/** In the order of their files; volumes of the same files in an order that follows from their content. */
function number(volumes: readonly FoundVolume[]): (FoundVolume & { index: number })[] {
  const key = ({ files, order }: FoundVolume): string => `${files[0]} ${order}`;
  const counts = new Map<string, number>();
  return [...volumes]
    .sort((a, b) => (key(a) < key(b) ? -1 : 1))
    .map((volume) => {
      const files = volume.files.join('\n');
      const index = counts.get(files) ?? 0;
      counts.set(files, index + 1);
      return { ...volume, index };
    });
}
