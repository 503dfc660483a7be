import { cpSync, existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';

interface Manifest {
  name: string;
  version: string;
  license?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/** A package as it is installed. */
export interface InstalledPackage {
  name: string;
  version: string;
  license: string;
  folder: string;
}

/**
 * The packages that `names` need to run, and those that these need: what Node would find from `root`, nested copies included. Packages
 * that are optional and not installed are left out.
 */
export function dependenciesOf(names: Iterable<string>, root: string): InstalledPackage[] {
  const found = new Map<string, InstalledPackage>();
  const add = (name: string, from: string, optional: boolean): void => {
    const folder = findPackage(name, from, root);
    if (folder === undefined) {
      if (optional) return;
      throw new Error(`The package ${name}, needed in ${from}, is not installed.`);
    }
    if (found.has(folder) || name.startsWith('@types/')) return;
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    const { version, license = 'not stated' } = manifest;
    found.set(folder, { name, version, license, folder });
    for (const needed of Object.keys(manifest.dependencies ?? {})) add(needed, folder, false);
    for (const needed of Object.keys(manifest.optionalDependencies ?? {})) add(needed, folder, true);
  };
  for (const name of names) add(name, root, false);
  return [...found.values()].sort((a, b) => a.folder.localeCompare(b.folder));
}

function findPackage(name: string, from: string, root: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (folder === root || folder === dirname(folder)) return undefined;
  }
}

/** Copies packages to `output` as they lie below `root`, without what a running program never reads. */
export function copyPackages(packages: readonly InstalledPackage[], root: string, output: string): void {
  for (const { name, folder } of packages) {
    cpSync(folder, join(output, relative(root, folder)), {
      recursive: true,
      dereference: true,
      filter: (source) => isNeeded(name, relative(folder, source).split(sep).join('/'), statSync(source).isDirectory()),
    });
  }
}

/** What packages carry for those who develop them. */
const FOLDERS =
  /^(\.github|\.vscode|__tests__|benchmarks?|browser-tests|coverage|docs?|documentation|examples?|fixtures|tests?|typings)$/i;
const FILES =
  /(\.(map|ts|mts|cts|tsx|flow|tsbuildinfo|markdown|tgz|yml|yaml|lock|sh|cc|cpp|h)|(?<!license|licence|notice|copying)\.md|[._](test|spec)\.[cm]?js|CMakeLists\.txt|Makefile)$/i;

/** Packages that carry the same program several times: only the form that Node loads. */
const ONLY: [name: RegExp, kept: RegExp][] = [
  [/^@tensorflow\/tfjs-/, /^dist(\/[^/]+(\.node\.js|\.wasm))?$/],
  [/^h5wasm$/, /^dist(\/node(\/.*)?)?$/],
  [/^core-js$/, /^(?!(postinstall\.js|web|proposals|stage|full|actual)(\/|$))/],
];

function isNeeded(name: string, path: string, isFolder: boolean): boolean {
  if (path === '' || path === 'package.json' || /^(licen[cs]e|notice|copying)[^/]*$/i.test(path)) return true;
  // Nested packages are copied by themselves.
  if (path.split('/').includes('node_modules')) return false;
  const only = ONLY.find(([pattern]) => pattern.test(name))?.[1];
  if (only !== undefined && !only.test(path)) return false;
  return isFolder ? !FOLDERS.test(basename(path)) : !FILES.test(basename(path));
}
