// For those who develop the window: Vite with hot reload, in the desktop where Electron is installed, else in the browser.
//   npm run dev [-- --browser]
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';
import type { ProxyOptions } from 'vite';
import { buildElectron } from './build-electron.ts';
import { installedElectron } from './electron-binary.ts';
import { noDesktop } from './no-desktop.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const configFile = join(root, 'vite.config.ts');
const missing = noDesktop(process.platform, process.env, process.getuid?.());
const electron = process.argv.includes('--browser') || missing !== undefined ? undefined : installedElectron();

/** The shell asks the engine itself; Vite only gives it the window's files. */
async function inDesktop(program: string): Promise<ChildProcess> {
  const vite = await createServer({ configFile, server: { host: '127.0.0.1', hmr: { host: '127.0.0.1' } } });
  await vite.listen();
  await buildElectron();
  const address = vite.resolvedUrls!.local[0]!;
  return spawn(program, [root], { stdio: 'inherit', env: { ...process.env, ISOCHROMAT_DEVELOPMENT_SERVER: address } });
}

/** Vite passes what belongs to the engine on to it, with the cookie that a page would have, so that the page's address stays Vite's. */
async function inBrowser(): Promise<ChildProcess> {
  const secret = randomBytes(32).toString('hex');
  const engine = spawn(process.execPath, [join(root, 'main', 'server', 'engine.ts'), '--port', '0'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  engine.stdin.write(`${JSON.stringify({ secret, mode: 'browser' })}\n`);
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: engine.stdout }).once('line', resolve);
    engine.once('exit', () => reject(new Error('The engine did not start; its log says why.')));
  });
  const target = `http://127.0.0.1:${(JSON.parse(line) as { port: number }).port}`;
  const exchanged = await fetch(`${target}/?token=${secret}`, { redirect: 'manual' });
  const cookie = exchanged.headers.get('set-cookie')?.split(';')[0] ?? '';
  const route: ProxyOptions = {
    ...{ target, changeOrigin: true, headers: { cookie, origin: target } },
    // The window's own `api/` folder lies under the same name: what is fetched is the engine's, and what is imported is a file.
    bypass: ({ url, headers }) => (headers['sec-fetch-dest'] === 'empty' ? undefined : url),
  };
  const proxy = Object.fromEntries(['/api', '/arrays', '/events'].map((path) => [path, route]));
  const vite = await createServer({ configFile, server: { host: '127.0.0.1', proxy } });
  await vite.listen();
  vite.printUrls();
  return engine;
}

const child = electron === undefined ? await inBrowser() : await inDesktop(electron);
const stop = (): void => void (child.stdin === null ? child.kill('SIGTERM') : child.stdin.end());
process.on('SIGINT', stop).on('SIGTERM', stop);
child.on('exit', (code) => process.exit(code ?? 0));
