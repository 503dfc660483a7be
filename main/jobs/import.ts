import { basename, join } from 'node:path';
import { IsochromatError } from '../domain/errors.ts';
import type { WorkContext } from '../domain/progress.ts';
import type { Sequence } from '../domain/sequences.ts';
import type { Study, Volume, VolumePurpose } from '../study/index.ts';
import { findImportFiles } from './import-files.ts';
import type { ImportedFile, ImportItem } from './import-worker.ts';
import { mapInWorkers } from './parallel.ts';

export interface ImportOptions {
  /** Default `training`. */
  purpose?: VolumePurpose;
  site?: string;
  /** Rather than what the files say. */
  sequence?: Sequence;
  /** Default: one a core. */
  threads?: number;
}

/** What became of every file. */
export interface ImportReport {
  imported: { path: string; volume: Volume }[];
  /** Files that were in the study already. */
  known: { path: string; volume: Volume }[];
  failed: { path: string; error: IsochromatError }[];
  /** Files found in folders that are not of this format; nothing was done with them. */
  otherFiles: number;
}

/**
 * Imports fastMRI files, and those below folders, into a study: reconstruction in worker threads, each volume published as
 * soon as it is done. A file that fails is reported and the others go on; a file imported before is recognised by its SHA-256,
 * so an import that was cut off is continued by starting it again.
 * @throws IsochromatError `nothing-to-import`, `cancelled` (what was imported stays), `disk-full`
 */
export async function importFastMri(
  study: Study,
  paths: readonly string[],
  options: ImportOptions = {},
  context: WorkContext = {},
): Promise<ImportReport> {
  const { files, otherFiles } = await findImportFiles(paths);
  const report: ImportReport = { imported: [], known: [], failed: [], otherFiles };
  const staging = study.volumes.stage();
  const items = files.map(({ path, bytes }, i): ImportItem => ({
    path,
    folder: join(staging, String(i)),
    known: study.volumes.sourceHashesOfSize(bytes),
    ...(options.sequence === undefined ? {} : { sequence: options.sequence }),
  }));
  const stage = 'Importing';
  context.onProgress?.({ stage, done: 0, total: items.length });
  await mapInWorkers<ImportItem, ImportedFile>(new URL('./import-worker.ts', import.meta.url), 'importFile', items, {
    what: 'The import',
    nameOf: (item: ImportItem) => item.path,
    ...(context.signal === undefined ? {} : { signal: context.signal }),
    ...(options.threads === undefined ? {} : { threads: options.threads }),
    onProgress: (done, total) =>
      context.onProgress?.({ stage, done, total, note: `${report.imported.length} imported` }),
    onOutcome: async (outcome, index) => {
      const item = items[index]!;
      if (outcome.ok) await store(study, item, outcome.value, options, report);
      // A full disk is not the fault of a file: the others would fail likewise, each after long work.
      else if (outcome.error.code === 'write-failed') throw outcome.error;
      else report.failed.push({ path: item.path, error: outcome.error });
      study.volumes.unstage(item.folder);
    },
  }).finally(() => study.volumes.unstage(staging));
  for (const { path, error } of report.failed) context.log?.('file not imported', { path, error: error.message });
  for (const list of [report.imported, report.known, report.failed]) list.sort((a, b) => (a.path < b.path ? -1 : 1));
  return report;
}

async function store(
  study: Study,
  item: ImportItem,
  file: ImportedFile,
  options: ImportOptions,
  report: ImportReport,
): Promise<void> {
  const twin = study.volumes.findBySource(file.sha256, 0);
  if (twin !== undefined) {
    report.known.push({ path: item.path, volume: twin });
    return;
  }
  if (file.kind === 'known') {
    report.failed.push({ path: item.path, error: removedMeanwhile(item.path) });
    return;
  }
  const { kind: _, patientId, sha256, bytes, info, ...facts } = file;
  const name = basename(item.path).replace(/\.[^.]*$/, '');
  const volume = await study.volumes.add(
    item.folder,
    {
      ...facts,
      name: publicName(name) ?? `${facts.sequence} ${sha256.slice(0, 8)}`,
      sourceKey: study.hideIdentity('file', name),
      sourceSha256: sha256,
      sourceIndex: 0,
      sourceBytes: bytes,
      sourceFormat: 'fastmri',
      tissueClass: 'unlabeled',
      classReason: 'No annotations were given.',
      patient: patientId === null ? null : study.hideIdentity('patient', patientId),
      site: options.site ?? null,
      purpose: options.purpose ?? 'training',
      hasPhase: true,
      facialSlices: options.purpose === 'external' ? info.suggestedFacialSlices : null,
      info: { ...info },
    },
    {
      inputs: [{ id: 'source', sha256 }],
      configuration: { job: 'import', format: 'fastmri', sequence: options.sequence ?? null, image: 320 },
    },
  );
  report.imported.push({ path: item.path, volume });
}

function removedMeanwhile(path: string): IsochromatError {
  return new IsochromatError({
    code: 'volume-removed',
    sentence: 'The scan was in the study when the import began, and was removed meanwhile.',
    subject: path,
    remedy: 'Import it again.',
  });
}

/** A name as the fastMRI data set gives them holds no identity; any other could. */
function publicName(name: string): string | undefined {
  return /^file_brain_[A-Z0-9]+_\d{1,4}_\d{1,9}(_\d+)?$/.test(name) ? name : undefined;
}
