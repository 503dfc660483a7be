// Makes the application as it is installed.
//   npm run package            the installers of this system, in dist/
//   npm run package -- --dir   the unpacked application only; where Electron cannot be had, around a placeholder for it
// With --output=FOLDER they go there.
import { rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'electron-builder';
import { buildElectron } from './build-electron.ts';
import { buildKernels } from './build-wasm.ts';
import { buildWindow } from './build-window.ts';
import { fetchElectron, installedElectron } from './electron-binary.ts';
import { packagerConfiguration } from './package/configuration.ts';
import { writePlaceholderElectron } from './package/placeholder-electron.ts';
import { stage } from './package/stage.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const onlyFolder = process.argv.includes('--dir');
const output = resolve(process.argv.find((each) => each.startsWith('--output='))?.slice(9) ?? join(root, 'dist'));

/** The folder of an unpacked Electron; undefined lets electron-builder fetch the one for its target. */
async function electronFolder(): Promise<string | undefined> {
  if (!onlyFolder) return undefined;
  if (process.env['ISOCHROMAT_PLACEHOLDER_ELECTRON'] !== '1') {
    const installed = installedElectron();
    if (installed !== undefined) return process.platform === 'darwin' ? undefined : dirname(installed);
    const fetched = await fetchElectron();
    if ('program' in fetched) return process.platform === 'darwin' ? undefined : dirname(fetched.program);
    if (process.platform !== 'linux') throw new Error(`Electron is needed, and ${fetched.reason}.`);
    process.stderr.write(`Electron is not here, and ${fetched.reason}: a placeholder takes its place.\n`);
  }
  return writePlaceholderElectron(join(root, 'build', 'placeholder-electron'));
}

await buildKernels();
await buildWindow();
const staged = stage(root, await buildElectron());
const electronDist = await electronFolder();
rmSync(output, { recursive: true, force: true });
const artifacts = await build({
  projectDir: root,
  config: packagerConfiguration(root, staged, output, electronDist),
  publish: 'never',
  ...(onlyFolder ? { dir: true } : {}),
});
process.stdout.write(`${(onlyFolder ? [output] : artifacts).join('\n')}\n`);
