// Lays out what is packaged in build/package: app/ (becomes the sealed archive) and resources/ (lies beside it).
import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'vue/compiler-sfc';
import { compileEngine, packagesOf } from './compile-engine.ts';
import { copyPackages, dependenciesOf } from './dependencies.ts';
import { licencesText, refusedLicences } from './licences.ts';
import ts from 'typescript';

export interface Staged {
  app: string;
  resources: string;
  /** Packages whose code is shipped. */
  packages: number;
}

const RUNTIMES = new Set(['electron', 'node']);

/**
 * @param root the repository, with build/electron, build/renderer and build/wasm made
 * @param bundled packages of which parts are in the bundle of the shell
 * @throws where a licence does not allow it to be shipped
 */
export function stage(root: string, bundled: readonly string[]): Staged {
  const output = join(root, 'build', 'package');
  const app = join(output, 'app');
  const resources = join(output, 'resources');
  rmSync(output, { recursive: true, force: true });
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;

  for (const part of ['electron', 'renderer'])
    cpSync(join(root, 'build', part), join(app, 'build', part), { recursive: true });
  const { name, version, description, license } = manifest;
  const author = 'The authors of Isochromat';
  writeJson(app, {
    name,
    productName: 'Isochromat',
    version,
    description,
    license,
    author,
    main: 'build/electron/main.cjs',
  });

  const engine = join(resources, 'engine');
  const imported = compileEngine(join(root, 'main'), join(engine, 'main'));
  cpSync(join(root, 'build', 'wasm'), join(engine, 'build', 'wasm'), { recursive: true });
  writeJson(engine, { name, version, description, license, type: 'module', private: true });
  const needed = dependenciesOf(imported, root);
  copyPackages(needed, root, engine);

  const executable = process.platform === 'win32' ? 'node.exe' : 'node';
  mkdirSync(join(resources, 'node'), { recursive: true });
  copyFileSync(join(root, 'node_modules', 'node', 'bin', executable), join(resources, 'node', executable));
  chmodSync(join(resources, 'node', executable), 0o755);
  copyFileSync(join(root, 'resources', 'icons', 'icon.png'), join(resources, 'icon.png'));

  // Electron and Node come as programs: what their npm packages need to fetch them is not shipped.
  const runtimes = dependenciesOf(['electron', 'node'], root).filter(({ name }) => RUNTIMES.has(name));
  const shown = dependenciesOf([...packagesOfWindow(join(root, 'renderer')), ...bundled], root);
  const all = [...new Map([...needed, ...shown, ...runtimes].map((each) => [each.folder, each])).values()];
  const refused = refusedLicences(all);
  if (refused.length > 0) throw new Error(`These licences have not been accepted: ${refused.join(', ')}.`);
  writeFileSync(join(resources, 'licences.txt'), licencesText(all, readFileSync(join(root, 'LICENSE'), 'utf8')));
  return { app, resources, packages: all.length };
}

/** What the window's sources import; Vite bundles it. */
function packagesOfWindow(folder: string): Set<string> {
  const names = new Set<string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(ts|vue)$/.test(entry.name) || entry.name.endsWith('.d.ts')) continue;
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
    for (const script of entry.name.endsWith('.vue') ? scriptsOf(text) : [text]) {
      const { outputText } = ts.transpileModule(script, {
        compilerOptions: { target: ts.ScriptTarget.ES2024, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
      });
      packagesOf(outputText).forEach((name) => names.add(name));
    }
  }
  return names;
}

function scriptsOf(component: string): string[] {
  const { script, scriptSetup } = parse(component).descriptor;
  return [script, scriptSetup].flatMap((block) => (block === null ? [] : [block.content]));
}

function writeJson(folder: string, content: Record<string, unknown>): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(content, null, 2)}\n`);
}
