import { existsSync, lstatSync } from 'node:fs';
import type { WorkContext } from '../domain/progress.ts';
import { cancelled } from '../domain/errors.ts';
import { fileFacts, filesBelow } from './durable.ts';
import { ITEM_FOLDERS, METRICS_FILE } from './layout.ts';
import type { Problem } from './problem.ts';
import type { Study } from './study.ts';
import { checkRows } from './verify-rows.ts';
import { checkShapes } from './verify-shapes.ts';

export interface Verification {
  ok: boolean;
  problems: Problem[];
  /** What was looked at. */
  items: number;
  files: number;
  bytes: number;
}

interface KnownFile {
  item: string;
  path: string;
  bytes: number;
  sha256: string;
  running: number;
}

/**
 * Checks everything a study holds: that the catalogue is sound, that every file is there with the SHA-256 and shape it was stored
 * with, that nothing lies there that no row knows, and that no patient is in two splits. Changes nothing.
 */
export async function verifyStudy(study: Study, context: WorkContext = {}): Promise<Verification> {
  const files = knownFiles(study);
  const problems = [...checkRows(study), ...strangers(study, files)];
  const { missing, bytes } = await checkFiles(study, files, context, problems);
  problems.push(...(await checkShapes(study, missing)));
  const items = study.catalogue.one<{ n: number }>('SELECT count(*) AS n FROM items WHERE deleted IS NULL')!.n;
  return { ok: problems.length === 0, problems, items, files: files.length, bytes };
}

function knownFiles(study: Study): KnownFile[] {
  return study.catalogue.all<KnownFile & Record<string, string>>(
    `SELECT files.item, files.path, files.bytes, files.sha256, coalesce(runs.status = 'running', 0) AS running
     FROM files JOIN items ON items.id = files.item LEFT JOIN runs ON runs.id = files.item
     WHERE items.deleted IS NULL ORDER BY files.path`,
  );
}

/** Reads every file; what is wrong goes to `problems`. Returns the items of which something is missing or differs. */
async function checkFiles(
  study: Study,
  files: readonly KnownFile[],
  { onProgress, signal }: WorkContext,
  problems: Problem[],
): Promise<{ missing: Set<string>; bytes: number }> {
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  const missing = new Set<string>();
  let bytes = 0;
  for (const file of files) {
    if (signal?.aborted === true) throw cancelled('Verifying the study');
    const problem = await checkFile(study, file);
    if (problem !== undefined) {
      problems.push(problem);
      missing.add(file.item);
    }
    bytes += file.bytes;
    onProgress?.({ stage: 'Verifying', done: bytes, total, note: file.path });
  }
  return { missing, bytes };
}

async function checkFile(
  study: Study,
  { item, path, bytes, sha256, running }: KnownFile,
): Promise<Problem | undefined> {
  const absolute = study.layout.at(path);
  const status = lstatSync(absolute, { throwIfNoEntry: false });
  if (status === undefined) return { code: 'file-missing', item, path, sentence: `${path} is missing.` };
  if (!status.isFile()) {
    return {
      code: 'file-replaced',
      item,
      path,
      sentence: `${path} is a link or a folder, not the file that was stored.`,
    };
  }
  if (running === 1 && path.endsWith(METRICS_FILE)) return undefined;
  try {
    const found = await fileFacts(absolute);
    if (found.bytes === bytes && found.sha256 === sha256) return undefined;
    const how = found.bytes === bytes ? 'its content differs' : `it has ${found.bytes} bytes instead of ${bytes}`;
    return { code: 'file-changed', item, path, sentence: `${path} is not as it was stored: ${how}.` };
  } catch (thrown) {
    return { code: 'file-unreadable', item, path, sentence: `${path} cannot be read: ${(thrown as Error).message}.` };
  }
}

/** Files in the item folders that no row knows. */
function strangers(study: Study, files: readonly KnownFile[]): Problem[] {
  const known = new Set(files.map((file) => file.path));
  const growing = new Set(study.runs.list().map((run) => `runs/${run.id}/${METRICS_FILE}`));
  return ITEM_FOLDERS.filter((folder) => existsSync(study.layout.at(folder)))
    .flatMap((folder) => filesBelow(study.layout.at(folder)).map((path) => `${folder}/${path}`))
    .filter((path) => !known.has(path) && !growing.has(path))
    .map((path) => ({ code: 'file-unknown', item: null, path, sentence: `${path} does not belong to the study.` }));
}
