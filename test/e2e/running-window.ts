import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { builtWindow } from './built-window.ts';
import { watchWorkers } from './worker-heap.ts';

const root = join(import.meta.dirname, '..', '..');

/** The built window in a real browser, before a real engine that has a study open. */
export interface RunningWindow {
  page: Page;
  /** What the page complained about. */
  complaints: string[];
  /** Every address that the page and its workers asked for, sockets included. */
  asked: string[];
  /** Memory of the renderer's JavaScript, after a collection, in bytes. */
  heapBytes: () => Promise<number>;
  /** The same of its workers. */
  workerBytes: () => Promise<number>;
  show: (screen: string) => Promise<void>;
  stop: () => Promise<void>;
}

/** @param study folder of a study */
export async function startWindow(study: string, size = { width: 1440, height: 900 }): Promise<RunningWindow> {
  const renderer = await builtWindow();
  const config = mkdtempSync(join(tmpdir(), 'isochromat-config-'));
  const secret = randomBytes(24).toString('hex');
  const engine = spawn(
    process.execPath,
    ['main/server/engine.ts', '--port', '0', '--study', study, '--renderer', renderer],
    {
      cwd: root,
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ISOCHROMAT_CONFIG_DIR: config, ISOCHROMAT_LOG_DIR: config },
    },
  );
  engine.stdin.write(`${JSON.stringify({ secret, mode: 'browser' })}\n`);
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: engine.stdout }).once('line', resolve);
    engine.once('exit', (code) => reject(new Error(`The engine ended with ${code}.`)));
  });
  const { port } = JSON.parse(line) as { port: number };
  const browser = await launchBrowser();
  const context = await browser.newContext({ viewport: size, acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
  const asked: string[] = [];
  context.on('request', (request) => void asked.push(request.url()));
  page.on('websocket', (socket) => void asked.push(socket.url()));
  await page.goto(`http://127.0.0.1:${port}/?token=${secret}`);
  // An open study leads to its library; what is asked before that would be overtaken.
  await page.waitForURL(/#\/library/);
  const session = await context.newCDPSession(page);
  const workerBytes = await watchWorkers(session);
  return {
    page,
    complaints,
    asked,
    workerBytes,
    async heapBytes() {
      await session.send('HeapProfiler.collectGarbage');
      const { usedSize, backingStorageSize = 0 } = (await session.send('Runtime.getHeapUsage')) as {
        usedSize: number;
        backingStorageSize?: number;
      };
      return usedSize + backingStorageSize;
    },
    async show(screen) {
      await page.evaluate((hash) => void (location.hash = hash), `#/${screen}`);
    },
    async stop() {
      await browser.close();
      const ended = new Promise((resolve) => engine.once('exit', resolve));
      engine.stdin.end();
      await ended;
    },
  };
}
