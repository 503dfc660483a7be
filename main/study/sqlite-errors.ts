import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { IsochromatError } from '../domain/errors.ts';
import type { ErrorDetails } from '../domain/errors.ts';

/** SQLite's primary result codes that a user can do something about. */
const SENTENCES: Record<number, Omit<ErrorDetails, 'cause' | 'subject'>> = {
  5: {
    code: 'study-busy',
    sentence: 'Another program is writing to the study and did not finish in time.',
    remedy: 'Wait for it, then try again.',
  },
  8: {
    code: 'study-read-only',
    sentence: 'The study cannot be written to.',
    remedy: 'Give this user write permission on the study folder, or only read from it.',
  },
  10: {
    code: 'study-disk-error',
    sentence: 'The disk failed while the catalogue was read or written.',
    remedy: 'Check the disk and its connection. What was stored before is unchanged.',
  },
  11: {
    code: 'study-damaged',
    sentence: 'The catalogue of the study is damaged.',
    remedy: 'Restore study.db from a backup; the files of the study are not affected.',
  },
  13: {
    code: 'disk-full',
    sentence: 'The disk is full.',
    remedy: 'Free some space and run the same command again; what was stored is kept.',
  },
  14: {
    code: 'study-unreadable',
    sentence: 'The catalogue of the study cannot be opened.',
    remedy: 'Check that study.db is there and that this user may read it.',
  },
  26: {
    code: 'study-damaged',
    sentence: 'study.db is not a catalogue of a study.',
    expected: 'an SQLite database',
    remedy: 'Restore study.db from a backup; the files of the study are not affected.',
  },
};

/** Turns an error of SQLite into one of ours; anything else passes unchanged. */
export function fromSqlite(thrown: unknown, subject: string): unknown {
  const code = (thrown as { errcode?: unknown } | null)?.errcode;
  if (typeof code !== 'number') return thrown;
  const details = SENTENCES[cannotOpenHere(code, subject) ? 8 : code & 0xff];
  return details === undefined ? thrown : new IsochromatError({ ...details, subject, cause: thrown });
}

/** On a disk that cannot be written to, SQLite says only that it cannot open its file: it would keep a log beside it. */
function cannotOpenHere(code: number, file: string): boolean {
  if ((code & 0xff) !== 14) return false;
  try {
    accessSync(dirname(file), constants.W_OK);
    return false;
  } catch {
    return existsSync(file);
  }
}

/** Turns an error of the file system into one of ours; anything else passes unchanged. */
export function fromFileSystem(thrown: unknown, subject: string): unknown {
  const code = (thrown as { code?: unknown } | null)?.code;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new IsochromatError({ ...SENTENCES[13]!, subject, cause: thrown });
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') {
    return new IsochromatError({ ...SENTENCES[8]!, subject, cause: thrown });
  }
  return thrown;
}
