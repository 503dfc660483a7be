// Starts the application: the desktop where Electron is here or can be had, the browser otherwise.
//   npm start [-- STUDY]         [-- --browser] always the browser
import { spawn } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildElectron } from './build-electron.ts';
import { buildWindow } from './build-window.ts';
import { fetchElectron, installedElectron } from './electron-binary.ts';
import { noDesktop } from './no-desktop.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const given = process.argv.slice(2);
const browserOnly = given.includes('--browser');
const study = given.find((argument) => !argument.startsWith('-'));
const studyArguments = study === undefined ? [] : [resolve(study)];

/** A desktop that ends within this time with an error has not come up. */
const COMING_UP = 5000;

async function desktop(): Promise<{ reason: string } | { code: number }> {
  const missing = noDesktop(process.platform, process.env, process.getuid?.());
  if (missing !== undefined) return { reason: missing };
  const installed = installedElectron();
  const electron = installed === undefined ? await fetchElectron() : { program: installed };
  if ('reason' in electron) return { reason: `Electron is not installed, and ${electron.reason}` };
  await buildElectron();
  const started = performance.now();
  const code = await run(electron.program, [root, ...studyArguments]);
  if (code !== 0 && performance.now() - started < COMING_UP)
    return { reason: `Electron ended at once with exit code ${code}` };
  return { code };
}

function run(program: string, args: string[]): Promise<number> {
  return new Promise((done) => {
    const child = spawn(program, args, { stdio: 'inherit' });
    const pass = (): void => void child.kill('SIGTERM');
    // Ctrl-C reaches the child too; it ends in order, and we wait for it.
    process.on('SIGINT', () => {}).on('SIGTERM', pass);
    child.on('error', () => done(1));
    child.on('exit', (code) => {
      process.off('SIGTERM', pass);
      done(code ?? 1);
    });
  });
}

await buildWindow();
const result = browserOnly ? { reason: undefined } : await desktop();
if ('code' in result) process.exit(result.code);
if (result.reason !== undefined)
  console.error(`Isochromat opens in the browser instead of its own window: ${result.reason}.`);
process.exit(await run(process.execPath, [join(root, 'main', 'cli', 'index.ts'), 'serve', ...studyArguments]));
