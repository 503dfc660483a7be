import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically, writeFully } from '../formats/atomic-file.ts';
import { IsochromatError } from '../domain/errors.ts';
import type { WorkContext } from '../domain/progress.ts';
import {
  ANNOTATIONS_FILE,
  annotationsCsv,
  describeDataset,
  DESCRIPTION_FILE,
  FILE_LIST_FILE,
  fileListCsv,
  planDataset,
} from '../phantom/index.ts';
import { makeFolder } from '../formats/make-folder.ts';
import type { DatasetOptions, VolumeOutcome, VolumePlan, WrittenVolume } from '../phantom/index.ts';
import { mapInWorkers } from './parallel.ts';

export interface PhantomDataset {
  readonly folder: string;
  readonly written: readonly WrittenVolume[];
  readonly failed: readonly { readonly file: string; readonly error: IsochromatError }[];
}

/**
 * Writes a phantom data set: one `.h5` a volume in fastMRI's layout, `annotations.csv` in fastMRI+'s, `reviewed_files.csv` and
 * `phantom.json`. Patients are made in parallel; the tables list those that could be written.
 * @param threads default: one a core
 * @throws IsochromatError `phantom-options`, `phantom-folder-not-empty`, `cancelled`, `write-failed`
 */
export async function writePhantomDataset(
  options: DatasetOptions,
  folder: string,
  context: WorkContext = {},
  threads?: number,
): Promise<PhantomDataset> {
  const plans = planDataset(options);
  await openFolder(folder);
  const stage = 'Making the phantom';
  context.onProgress?.({ stage, done: 0, total: plans.length });
  const patients = [...Map.groupBy(plans, ({ patientSeed }) => patientSeed).values()];
  let done = 0;
  const outcomes = await mapInWorkers<VolumePlan[], VolumeOutcome[]>(
    new URL('../phantom/write-volume.ts', import.meta.url),
    'writePatient',
    patients,
    {
      shared: folder,
      what: stage,
      ...(threads === undefined ? {} : { threads }),
      ...(context.signal === undefined ? {} : { signal: context.signal }),
      onOutcome: (_, patient) => {
        done += patients[patient]!.length;
        context.onProgress?.({ stage, done, total: plans.length });
      },
      nameOf: ([{ patientId }]: [VolumePlan]) => patientId,
    },
  );
  const volumes = outcomes.flatMap((patient, i) =>
    patient.ok ? patient.value : patients[i]!.map(() => ({ ok: false as const, error: patient.error.toJSON() })),
  );
  const order = patients.flat();
  const written = volumes.flatMap((outcome) => (outcome.ok ? [outcome.value] : []));
  const failed = volumes.flatMap((outcome, i) =>
    outcome.ok ? [] : [{ file: order[i]!.file, error: new IsochromatError(outcome.error) }],
  );
  for (const { file, error } of failed) context.log?.('phantom volume failed', { file, error: error.message });
  await writeText(join(folder, ANNOTATIONS_FILE), annotationsCsv(written));
  await writeText(join(folder, FILE_LIST_FILE), fileListCsv(written));
  await writeText(join(folder, DESCRIPTION_FILE), describeDataset(options, written));
  return { folder, written, failed };
}

/** A data set is written into a folder of its own: mixing two would mix up their tables. */
async function openFolder(folder: string): Promise<void> {
  makeFolder(folder);
  const present = (await readdir(folder)).filter((name) => name.endsWith('.h5') || name === DESCRIPTION_FILE);
  if (present.length === 0) return;
  throw new IsochromatError({
    code: 'phantom-folder-not-empty',
    sentence: 'There are acquisitions in this folder already.',
    subject: folder,
    expected: 'a new or empty folder',
    found: present.slice(0, 3).join(', '),
    remedy: 'Choose another folder, or remove what is in it.',
  });
}

async function writeText(path: string, text: string): Promise<void> {
  await writeFileAtomically(path, (file) => writeFully(file, Buffer.from(text, 'utf8'), 0));
}
