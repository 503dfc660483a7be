import { existsSync, readFileSync } from 'node:fs';
import { IsochromatError } from '../domain/errors.ts';
import type { Layout } from './layout.ts';

/** Format of the folder; what is in the catalogue has a version of its own (migrations). */
export const STUDY_FORMAT = 1;

/** `study.json` */
export interface StudyDescription {
  format: 'isochromat-study';
  formatVersion: number;
  id: string;
  name: string;
  /** ISO 8601. */
  created: string;
}

/**
 * Reads `study.json`.
 * @throws IsochromatError `not-a-study`, `study-damaged`, `study-newer`
 */
export function readDescription(layout: Layout): StudyDescription {
  if (!existsSync(layout.description)) throw notAStudy(layout.root, 'no study.json');
  let description: Partial<StudyDescription>;
  try {
    description = (JSON.parse(readFileSync(layout.description, 'utf8')) ?? {}) as Partial<StudyDescription>;
  } catch (thrown) {
    throw damaged(layout, 'study.json cannot be read', thrown);
  }
  if (description.format !== 'isochromat-study') throw notAStudy(layout.root, 'a study.json of another program');
  const { formatVersion, id, name, created } = description;
  if (typeof formatVersion !== 'number' || ![id, name, created].every((text) => typeof text === 'string')) {
    throw damaged(layout, 'study.json without version, id, name or date');
  }
  if (formatVersion > STUDY_FORMAT) {
    throw new IsochromatError({
      code: 'study-newer',
      sentence: 'The study was written by a newer version of Isochromat.',
      subject: layout.root,
      expected: `folder format ${STUDY_FORMAT} or older`,
      found: `format ${formatVersion}`,
      remedy: 'Install the newest Isochromat.',
    });
  }
  if (!existsSync(layout.catalogue)) throw damaged(layout, 'no study.db');
  return description as StudyDescription;
}

function notAStudy(folder: string, found: string): IsochromatError {
  return new IsochromatError({
    code: 'not-a-study',
    sentence: existsSync(folder) ? 'This folder is not a study.' : 'There is no such folder.',
    subject: folder,
    expected: 'a folder with a study.json of Isochromat',
    found: existsSync(folder) ? found : 'nothing',
    remedy: 'Make a study with "isochromat study create".',
  });
}

function damaged(layout: Layout, found: string, cause?: unknown): IsochromatError {
  return new IsochromatError({
    code: 'study-damaged',
    sentence: 'The study is damaged.',
    subject: layout.root,
    found,
    remedy: 'Restore study.json and study.db from a backup; the other files of the study are not affected.',
    cause,
  });
}
