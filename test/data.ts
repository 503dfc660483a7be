import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Folder of the real test files: `ISOCHROMAT_TEST_DATA`, else `../shared/data` beside the clone. */
const folder = resolve(process.env['ISOCHROMAT_TEST_DATA'] ?? join(root, '..', 'shared', 'data'));
/** Whether the real test files are there; prefer `describeWithData`, which says so when they are not. */
export const dataPresent = existsSync(join(folder, 'README.md'));

if (!dataPresent && process.env['CI'] === 'true') {
  throw new Error(
    `The real test files are missing: expected them at ${folder}. Set ISOCHROMAT_TEST_DATA to their folder; with CI=true they are not optional.`,
  );
}

/** Path of a real test file, as in `dataFile('kspace', 'COMMANDS.txt')`. Only inside `describeWithData`. */
export function dataFile(...parts: string[]): string {
  return join(folder, ...parts);
}

/** Path of a file of reference values computed by independent programs; these are part of the repository. */
export function referenceFile(name: string): string {
  return join(root, 'test', 'reference', name);
}

/** A suite over real files: skipped, saying why, where they are absent. */
export function describeWithData(name: string, body: () => void): void {
  if (dataPresent) describe(name, body);
  else describe.skip(`${name} [skipped: real test files not found at ${folder}]`, body);
}
