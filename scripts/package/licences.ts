import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { InstalledPackage } from './dependencies.ts';

/** Licences under which others' work may be shipped with ours, as SPDX names. */
const ACCEPTED = new Set([
  'MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'Unlicense', 'CC0-1.0', 'Python-2.0', 'Zlib', 'MIT-0', 'OFL-1.1',
]); // prettier-ignore

/** Packages whose manifest states no SPDX name, and what their licence file says when read. */
const READ: Record<string, string> = { h5wasm: 'BSD-3-Clause', 'h5wasm-plugins': 'BSD-3-Clause' };

/** Names of packages whose licence is not one of those that we accept; a choice counts as its best alternative. */
export function refusedLicences(packages: readonly InstalledPackage[]): string[] {
  return packages
    .filter(({ name, license }) => {
      const alternatives = (READ[name] ?? license).replaceAll(/[()]/g, '').split(/\s+OR\s+/i);
      return !alternatives.some((each) => each.split(/\s+AND\s+/i).every((one) => ACCEPTED.has(one.trim())));
    })
    .map(({ name, license }) => `${name} (${license})`);
}

/** One text with the name, version and full licence of everything that is shipped; Chromium's stand beside the program in a file of their own. */
export function licencesText(packages: readonly InstalledPackage[], ours: string): string {
  const unique = new Map(packages.map((each) => [`${each.name} ${each.version}`, each]));
  const sections = [...unique.values()]
    .sort((a, b) => a.name.localeCompare(b.name))
    .map((each) => `${each.name} ${each.version} · ${READ[each.name] ?? each.license}\n\n${licenceFiles(each)}`);
  const line = '─'.repeat(80);
  return [`Isochromat\n\n${ours.trim()}`, 'It contains the following works of others.', ...sections].join(
    `\n\n${line}\n\n`,
  );
}

function licenceFiles({ folder, license }: InstalledPackage): string {
  const files = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
    .sort();
  if (files.length === 0) return `The package carries no text of its licence (${license}).`;
  return files.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n');
}
