import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { IsochromatError } from '../domain/errors.ts';
import { writeFileAtomically } from '../formats/atomic-file.ts';
import { makeFolder } from '../formats/make-folder.ts';
import { Catalogue } from './catalogue.ts';
import { readDescription, STUDY_FORMAT } from './description.ts';
import type { StudyDescription } from './description.ts';
import { readIdentityKey } from './identity.ts';
import { base32, REAL_SURROUNDINGS } from './ids.ts';
import type { Surroundings } from './ids.ts';
import { ITEM_FOLDERS, Layout } from './layout.ts';
import { missingItems, recover } from './recovery.ts';
import type { Recovery } from './recovery.ts';
import { Session } from './session.ts';
import { fromFileSystem, fromSqlite } from './sqlite-errors.ts';
import { Study } from './study.ts';

export interface OpenOptions {
  /** Read from it without leaving a trace; nothing is put right. */
  readOnly?: boolean;
  /** Clock and randomness; tests hold them still. */
  surroundings?: Surroundings;
  /** The key that hides identities; default: the user's, made on first use. */
  identityKey?: Uint8Array;
}

/**
 * Makes a study in a folder that is empty or does not exist.
 * @throws IsochromatError `study-exists`, `folder-not-empty`, `study-read-only`, `disk-full`
 */
export async function createStudy(folder: string, options: OpenOptions & { name: string }): Promise<Study> {
  const layout = new Layout(resolve(folder));
  const { now, randomBytes } = options.surroundings ?? REAL_SURROUNDINGS;
  try {
    makeFolder(layout.root);
    requireEmpty(layout);
    for (const each of [...ITEM_FOLDERS, 'staging', 'trash']) mkdirSync(layout.at(each), { recursive: true });
  } catch (thrown) {
    // A disk that is full or write-protected has its own name here.
    const known = fromFileSystem((thrown as Error).cause, layout.root);
    throw known instanceof IsochromatError ? known : fromFileSystem(thrown, layout.root);
  }
  new Catalogue(layout.catalogue).close();
  const description: StudyDescription = {
    format: 'isochromat-study',
    formatVersion: STUDY_FORMAT,
    id: `study-${base32(randomBytes(5), 8)}`,
    name: options.name,
    created: now().toISOString(),
  };
  await writeFileAtomically(layout.opener, async (file) => {
    await file.writeFile('{"format": "isochromat-study-opener"}\n');
  });
  // Written last: a folder with study.json is a whole study.
  await writeFileAtomically(layout.description, async (file) => {
    await file.writeFile(`${JSON.stringify(description, null, 2)}\n`);
  });
  return openStudy(folder, options);
}

/**
 * Opens a study. What a process that was killed left half done is put right first, and told in `recovery`; work of processes
 * that are alive is not touched.
 * @throws IsochromatError `not-a-study`, `study-damaged`, `study-newer`, `study-older`, `study-read-only`, `study-busy`
 */
export async function openStudy(folder: string, options: OpenOptions = {}): Promise<Study> {
  const layout = new Layout(resolve(folder));
  const surroundings = options.surroundings ?? REAL_SURROUNDINGS;
  const description = readDescription(layout);
  const catalogue = new Catalogue(layout.catalogue, { readOnly: options.readOnly === true });
  try {
    const { session, recovery } = options.readOnly === true ? look(catalogue, layout) : begin(catalogue, layout);
    const { identityKey } = options;
    return new Study({
      description,
      catalogue,
      layout,
      session,
      surroundings,
      recovery,
      identityKey: () => identityKey ?? readIdentityKey(),
    });
  } catch (thrown) {
    catalogue.close();
    throw fromFileSystem(fromSqlite(thrown, layout.root), layout.root);
  }
}

/** Only reads: says what is missing and changes nothing. */
function look(catalogue: Catalogue, layout: Layout): { session: undefined; recovery: Recovery } {
  const missing = missingItems(catalogue, layout);
  return { session: undefined, recovery: { removed: [], movedToTrash: [], interruptedRuns: [], missing } };
}

/** Puts right what others left, and begins a session, under one write lock. */
function begin(catalogue: Catalogue, layout: Layout): { session: Session; recovery: Recovery } {
  return catalogue.write(() => {
    const recovery = recover(catalogue, layout);
    const session = new Session(layout.staging, base32(REAL_SURROUNDINGS.randomBytes(10), 16));
    return { session, recovery };
  });
}

/** A folder in which an earlier attempt was cut off before its study.json counts as empty. */
function requireEmpty(layout: Layout): void {
  if (existsSync(layout.description)) {
    throw new IsochromatError({
      code: 'study-exists',
      sentence: 'There is a study in this folder already.',
      subject: layout.root,
      remedy: 'Open that one, or choose another folder.',
    });
  }
  const files = ['study.db', 'study.db-wal', 'study.db-shm', 'study.isochromat'];
  const ours = new Set<string>([...ITEM_FOLDERS, 'staging', 'trash', ...files]);
  const partial = /^study\.(json|isochromat)\.partial-/;
  const strange = readdirSync(layout.root).filter((name) => !ours.has(name) && !partial.test(name));
  const full = ITEM_FOLDERS.filter(
    (folder) => existsSync(layout.at(folder)) && readdirSync(layout.at(folder)).length > 0,
  );
  const found = [...strange, ...full];
  if (found.length === 0) return;
  throw new IsochromatError({
    code: 'folder-not-empty',
    sentence: 'A study needs a folder of its own, and this one is not empty.',
    subject: layout.root,
    found: found.slice(0, 5).join(', '),
    remedy: 'Choose an empty or new folder.',
  });
}
