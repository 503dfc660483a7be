// Bundles electron/ into build/electron: the main process and the two preload scripts, each one CommonJS file (a sandboxed preload can
// load no other), and the shell's own page. Electron itself stays outside.
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const sources = join(root, 'electron');
const entries = ['main', 'preload', 'diagnostics-preload'];

/** @returns the names of the packages of which parts were bundled */
export async function buildElectron(output = join(root, 'build', 'electron')): Promise<string[]> {
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  const packages = new Set<string>();
  for (const entry of entries) {
    const bundle = await rolldown({
      input: join(sources, `${entry}.ts`),
      external: ['electron'],
      platform: 'node',
      logLevel: 'silent',
    });
    const { output: chunks } = await bundle.write({
      file: join(output, `${entry}.cjs`),
      format: 'cjs',
      codeSplitting: false,
      minify: { compress: true, mangle: false },
    });
    await bundle.close();
    for (const chunk of chunks) if (chunk.type === 'chunk') chunk.moduleIds.forEach((id) => addPackage(packages, id));
  }
  cpSync(join(sources, 'pages'), join(output, 'pages'), { recursive: true });
  return [...packages].sort();
}

function addPackage(packages: Set<string>, module: string): void {
  const inside = module.replaceAll('\\', '/').split('/node_modules/').at(-1);
  if (inside === undefined || !module.includes('node_modules')) return;
  const [scope, name] = inside.split('/') as [string, string];
  packages.add(scope.startsWith('@') ? `${scope}/${name}` : scope);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildElectron();
