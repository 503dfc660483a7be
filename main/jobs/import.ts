import { dirname, join } from 'node:path';
import { asIsochromatError, IsochromatError } from '../domain/errors.ts';
import type { WorkContext } from '../domain/progress.ts';
import type { Sequence } from '../domain/sequences.ts';
import type { CoilSlices } from '../recon/index.ts';
import type { Study, Volume, VolumeFacts, VolumePurpose } from '../study/index.ts';
import { chosenVolumes, notFoundAgain } from './intake/choice.ts';
import type { ChosenVolume, VolumeChoice } from './intake/choice.ts';
import type { Converted, ConvertItem, ConvertOptions } from './intake/convert-worker.ts';
import { findVolumes } from './intake/find.ts';
import type { NumberedVolume } from './intake/find.ts';
import type { Refusal } from './intake/handler.ts';
import { isHeavy } from './intake/heavy.ts';
import { HANDLERS } from './intake/registry.ts';
import { scannerOf } from './intake/technical-facts.ts';
import { mapInWorkers } from './parallel.ts';

export interface ImportOptions {
  /** Default `training`. */
  purpose?: VolumePurpose;
  site?: string;
  /** Rather than what the files say. */
  sequence?: Sequence;
  /** Only these of what is found, each with its own sequence. */
  choices?: readonly VolumeChoice[];
  /** Take sequences that are only guessed (`unsure`) as they are, rather than refuse such volumes. */
  acceptUnsure?: boolean;
  /** Of which slices of multi-coil k-space the coil images and sensitivities are kept. Default `middle`. */
  coilSlices?: CoilSlices;
  /** Default: one a core. */
  threads?: number;
}

/** What became of every volume and file. `path` of a volume of many files is the folder that holds them all. */
export interface ImportReport {
  imported: { path: string; volume: Volume }[];
  /** Volumes that were in the study already. */
  known: { path: string; volume: Volume }[];
  /** Volumes that were found and could not be imported. */
  failed: { path: string; error: IsochromatError }[];
  /** Files that are part of no volume, each with its reason. */
  refused: Refusal[];
  /** Files of other kinds found in folders; nothing was done with them. */
  otherFiles: number;
}

/**
 * Imports scans of every format, named or below folders, into a study: found and put together first, then converted in
 * worker threads, each volume published as soon as it is done. A volume that fails is reported and the others go on; one imported before is
 * recognised by the SHA-256 of its files, so an import that was cut off is continued by starting it again.
 * @throws IsochromatError `nothing-to-import`, `cancelled` (what was imported stays), `write-failed` (disk full)
 */
export async function importVolumes(
  study: Study,
  paths: readonly string[],
  options: ImportOptions = {},
  context: WorkContext = {},
): Promise<ImportReport> {
  const began = study.volumes.now();
  const intake = await findVolumes(paths, options.threads === undefined ? {} : { threads: options.threads }, context);
  const { refused, otherFiles } = intake;
  if (intake.volumes.length === 0) requireSomething(paths, refused, otherFiles);
  const report: ImportReport = { imported: [], known: [], failed: [], refused, otherFiles };
  const wanted = wantedOf(intake.volumes, options, report).filter((each) => hasSequence(each, options, report));
  const staging = study.volumes.stage();
  const coilSlices = options.coilSlices ?? 'middle';
  const items = wanted.map(({ volume }, i): ConvertItem => ({ volume, folder: join(staging, String(i)) }));
  const sequenceOf = new Map(items.map((item, i) => [item, wanted[i]!.sequence]));
  const stage = 'Importing';
  context.onProgress?.({ stage, done: 0, total: items.length });
  const convert = (group: readonly ConvertItem[], threads: number | undefined, before: number): Promise<unknown> =>
    mapInWorkers<ConvertItem, Converted>(
      new URL('./intake/convert-worker.ts', import.meta.url),
      'convertVolume',
      group,
      {
        what: 'The import',
        shared: { known: study.volumes.sources(), coilSlices } satisfies ConvertOptions,
        nameOf: (item: ConvertItem) => placeOf(item.volume),
        timeLimit: (item: ConvertItem) => patience(item.volume),
        keepOutcomes: false,
        ...(context.signal === undefined ? {} : { signal: context.signal }),
        ...(threads === undefined ? {} : { threads }),
        onProgress: (done) => {
          const note = `${report.imported.length} imported`;
          context.onProgress?.({ stage, done: before + done, total: items.length, note });
        },
        onOutcome: async (outcome, index) => {
          const item = group[index]!;
          if (outcome.ok) {
            const sequence = sequenceOf.get(item);
            await store(study, item, outcome.value, { ...options, sequence, coilSlices, began }, report);
          }
          // A full disk is not the fault of a file: the others would fail likewise, each after long work.
          else if (outcome.error.code === 'write-failed') throw outcome.error;
          else report.failed.push({ path: placeOf(item.volume), error: outcome.error });
          study.volumes.unstage(item.folder);
        },
      },
    );
  const light = items.filter(({ volume }) => !isHeavy(volume));
  const heavy = items.filter(({ volume }) => isHeavy(volume));
  try {
    await convert(light, options.threads, 0);
    await convert(heavy, 1, light.length);
  } catch (thrown) {
    throw asIsochromatError(thrown).code === 'cancelled' ? stopped(report) : thrown;
  } finally {
    study.volumes.unstage(staging);
  }
  // Paths can hold names; the log gets none.
  for (const { error } of report.failed) context.log?.('volume not imported', { code: error.code });
  for (const list of [report.imported, report.known, report.failed]) list.sort((a, b) => (a.path < b.path ? -1 : 1));
  return report;
}

/** Seconds beyond which even the slowest machine is done with a volume: k-space takes calibration and maps for each slice. */
function patience({ components, slices }: NumberedVolume): number {
  const [start, each] = components.includes('k-space') ? [300, 60] : [60, 2];
  return 1000 * (start + each * slices);
}

async function store(
  study: Study,
  { volume: found, folder }: ConvertItem,
  converted: Converted,
  options: Omit<ImportOptions, 'sequence'> & { sequence: Sequence | undefined; coilSlices: CoilSlices; began: string },
  report: ImportReport,
): Promise<void> {
  const path = placeOf(found);
  const { sha256, bytes } = converted;
  const twin = study.volumes.findBySource(sha256, found.index);
  if (twin !== undefined) {
    report.known.push({ path, volume: twin });
    return;
  }
  if (converted.kind === 'known') {
    report.failed.push({ path, error: removedMeanwhile(path) });
    return;
  }
  const { info, slices, rows, columns } = converted;
  const { identity, facts } = found;
  const sequence = options.sequence ?? found.sequence.sequence!;
  const hidden = (kind: 'patient' | 'study' | 'series', text: string | null): string | null =>
    text === null ? null : study.hideIdentity(kind, text);
  const volumeFacts: VolumeFacts = {
    name: found.publicName ?? nameOf(found, sequence, sha256),
    sourceKey: study.hideIdentity('file', identity.name),
    sourceSha256: sha256,
    sourceIndex: found.index,
    sourceBytes: bytes,
    sourceFormat: found.format,
    sequence,
    sequenceSource: options.sequence !== undefined ? 'user' : found.sequence.from,
    tissueClass: 'unlabeled',
    classReason: 'No annotations were given.',
    patient: hidden('patient', identity.patient),
    site: options.site ?? null,
    scanner: scannerOf(facts),
    purpose: options.purpose ?? 'training',
    slices,
    rows,
    columns,
    coils: found.coils,
    hasPhase: found.hasPhase,
    originalRows: found.rows,
    originalColumns: found.columns,
    facialSlices: options.purpose === 'external' ? info.suggestedFacialSlices : null,
    info: {
      ...info,
      studyKey: hidden('study', identity.study),
      seriesKey: hidden('series', identity.series),
      sequenceGuess: found.sequence,
    },
  };
  const origin = {
    inputs: [{ id: 'source', sha256 }],
    configuration: {
      ...{ job: 'import', format: found.format, sequence: options.sequence ?? null, image: 320 },
      ...(found.components.includes('k-space') ? { coilSlices: options.coilSlices } : {}),
    },
  };
  try {
    const volume = await study.volumes.add(folder, volumeFacts, origin, options.began);
    report.imported.push({ path, volume });
  } catch (thrown) {
    // Another process imports the same folder and was a moment faster.
    const other = study.volumes.findBySource(sha256, found.index);
    if (other === undefined || asIsochromatError(thrown).code !== 'volume-exists') throw thrown;
    report.known.push({ path, volume: other });
  }
}

/** Says nothing of the source's name, and tells the echoes of one scan apart. */
function nameOf({ facts }: NumberedVolume, sequence: Sequence, sha256: string): string {
  const [echo] = facts.echoTimes;
  const which = echo === undefined || facts.echoTimes.length > 1 ? '' : ` TE ${Number(echo.toFixed(2))} ms`;
  return `${sequence} ${sha256.slice(0, 8)}${which}`;
}

/** Everything that was found, or what was chosen of it. */
function wantedOf(
  found: readonly NumberedVolume[],
  { choices, sequence }: ImportOptions,
  report: ImportReport,
): ChosenVolume[] {
  if (choices === undefined) return found.map((volume) => ({ volume, sequence }));
  const { chosen, missing } = chosenVolumes(found, choices);
  for (const choice of missing) report.failed.push({ path: placeOf(choice), error: notFoundAgain(placeOf(choice)) });
  return chosen;
}

function hasSequence({ volume, sequence: said }: ChosenVolume, options: ImportOptions, report: ImportReport): boolean {
  const { sequence, confidence, reason } = volume.sequence;
  if (said !== undefined) return true;
  if (sequence !== null && (confidence !== 'unsure' || options.acceptUnsure === true)) return true;
  const path = placeOf(volume);
  const error = new IsochromatError({
    code: 'sequence-unknown',
    sentence: sequence === null ? 'The sequence of this volume is not known.' : `This is perhaps ${sequence}.`,
    subject: path,
    expected: 'AXFLAIR, AXT1, AXT1POST, AXT1PRE or AXT2',
    found: reason.replace(/\.$/, ''),
    remedy: `Name the sequence that it corresponds to with --sequence${sequence === null ? '' : ', or take such guesses with --accept-unsure'}.`,
  });
  report.failed.push({ path, error });
  return false;
}

/** What a volume of one file, or of many, is called in reports. */
export function placeOf({ files }: { files: readonly string[] }): string {
  if (files.length === 1) return files[0]!;
  let folder = dirname(files[0]!);
  while (!files.every((path) => path.startsWith(join(folder, '/'))) && dirname(folder) !== folder)
    folder = dirname(folder);
  return folder;
}

function requireSomething(paths: readonly string[], refused: readonly Refusal[], otherFiles: number): void {
  const telling = refused.filter(({ code }) => code !== 'link-not-followed');
  if (telling.length > 0) return;
  throw new IsochromatError({
    code: 'nothing-to-import',
    sentence: 'There is nothing to import here.',
    subject: paths.join(', '),
    expected: HANDLERS.map(({ title }) => title).join(', '),
    found: [
      otherFiles === 0 ? 'no files' : `${otherFiles} other files`,
      ...(refused.length > 0 ? [`${refused.length} links, which are not followed`] : []),
    ].join(' and '),
  });
}

function stopped({ imported }: ImportReport): IsochromatError {
  return new IsochromatError({
    code: 'cancelled',
    sentence: `The import was cancelled; ${imported.length} volumes were imported, and are kept.`,
    remedy: 'Start it again to go on: what is there already is noticed.',
  });
}

function removedMeanwhile(path: string): IsochromatError {
  return new IsochromatError({
    code: 'volume-removed',
    sentence: 'The scan was in the study when the import began, and was removed meanwhile.',
    subject: path,
    remedy: 'Import it again.',
  });
}
