import { statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';

/** The ending that the installers register. */
const STUDY_FILE_ENDING = '.isochromat';

/**
 * The study folder that a path stands for: the folder itself, its study.json, or the `study.isochromat` that lies beside it for the
 * double click. What is in that file does not matter; it stands for the folder in which it lies, so it can be moved with it
 * and cannot point anywhere else.
 */
export function studyFolderOf(path: string): string | undefined {
  const named = basename(path) === 'study.json' || extname(path).toLowerCase() === STUDY_FILE_ENDING;
  const candidates = named ? [path, dirname(path)] : [path];
  return candidates.find((folder) => isFile(join(folder, 'study.json')));
}

/**
 * The study among the arguments of a start (by double click, or `isochromat-desktop FOLDER`): the last one that is a study.
 * @param own how many arguments are the program's own: 1 packaged, 2 in the repository (the folder of the program)
 */
export function studyInArguments(argv: readonly string[], folder: string, own: number): string | undefined {
  return argv
    .slice(own)
    .filter((argument) => !argument.startsWith('-'))
    .map((argument) => studyFolderOf(resolve(folder, argument)))
    .findLast((study) => study !== undefined);
}

/** The file by which the system's own list of recent documents can open a study; undefined where a study has none. */
export function studyFileOf(folder: string): string | undefined {
  const file = join(folder, `study${STUDY_FILE_ENDING}`);
  return isFile(file) ? file : undefined;
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
