import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { describeInBrowser, launchBrowser } from './browser.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'scripts', 'dev.ts');

/** Where Vite says that it is. */
function addressOf(program: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    program.stdout!.on('data', (part) => {
      said += stripVTControlCharacters(String(part));
      const [address] = /http:\/\/127\.0\.0\.1:\d+\//.exec(said) ?? [];
      if (address !== undefined) resolve(address);
    });
    program.once('exit', () => reject(new Error(`The program ended: ${said}`)));
  });
}

describeInBrowser('the window while it is developed', () => {
  const config = mkdtempSync(join(tmpdir(), 'isochromat-dev-'));
  let program: ChildProcess | undefined;
  afterAll(async () => {
    if (program !== undefined && program.exitCode === null) {
      program.kill('SIGTERM');
      await once(program, 'exit');
    }
    rmSync(config, { recursive: true, force: true });
  });

  it('comes from its sources and asks an engine', async () => {
    program = spawn(process.execPath, [PROGRAM, '--browser'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ISOCHROMAT_CONFIG_DIR: config, ISOCHROMAT_LOG_DIR: config },
    });
    const address = await addressOf(program);
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('pageerror', ({ message }) => complaints.push(message));
      await page.goto(address);
      // Shown once the engine has told that no study is open.
      await page.getByText('No study has been opened here yet.').waitFor({ timeout: 90_000 });
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  }, 150_000);
});
