import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { readBundleFile } from '../../electron/bundle-file.ts';
import { contentSecurityPolicy } from '../../electron/content-security.ts';
import { answer } from '../../electron/protocol.ts';
import type { PagesSource } from '../../electron/protocol.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

const folder = mkdtempSync(join(tmpdir(), 'isochromat-pages-'));
const renderer = join(folder, 'renderer');
const pages = join(folder, 'pages');
const source: PagesSource = { renderer, pages, engine: () => undefined };
const SECRET = 'what lies outside';

beforeAll(() => {
  mkdirSync(join(renderer, 'assets'), { recursive: true });
  mkdirSync(pages);
  writeFileSync(join(renderer, 'index.html'), '<title>the window</title>');
  writeFileSync(join(renderer, 'assets', 'index.js'), 'script');
  writeFileSync(join(renderer, 'engine.sock'), SECRET);
  writeFileSync(join(folder, 'secret.txt'), SECRET);
  writeFileSync(join(pages, 'diagnostics.html'), '<title>diagnostics</title>');
  symlinkSync(join(folder, 'secret.txt'), join(renderer, 'link.txt'));
  symlinkSync(folder, join(renderer, 'up'));
});

const ask = (url: string, init?: RequestInit): Promise<Response> => answer(new Request(url, init), source);

describe('the pages of app:', () => {
  it('are the files of the bundle, with their types', async () => {
    const script = await ask('app://isochromat/assets/index.js');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(await script.text()).toBe('script');
  });

  it('start from the one page whatever the address of the screen', async () => {
    for (const path of ['/', '/viewer/vol-1', '/library?sort=name']) {
      expect(await (await ask(`app://isochromat${path}`)).text()).toContain('the window');
    }
    expect((await ask('app://isochromat/assets/missing.js')).status).toBe(404);
  });

  it('carry a policy that allows nothing from elsewhere, no script but files, and no plug-in', async () => {
    const policy = (await ask('app://isochromat/')).headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    for (const none of ['object-src', 'base-uri', 'form-action']) expect(policy).toContain(`${none} 'none'`);
    expect(contentSecurityPolicy('ws://127.0.0.1:5173')).toContain("connect-src 'self' ws://127.0.0.1:5173");
  });

  it('never come from outside of the bundle', async () => {
    const attempts = [
      '/../secret.txt', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/%2e%2e%2fsecret.txt', '/..%5csecret.txt', '/assets/../../secret.txt',
      '/%252e%252e/secret.txt', '/link.txt', '/up/secret.txt', '//secret.txt', `/${encodeURIComponent(join(folder, 'secret.txt'))}`,
      '/secret.txt%00.html', '/C:%5csecret.txt', '/.git/config.txt', '/%c0%ae%c0%ae/secret.txt', '/engine.sock', '/assets', '/index.html/x.html',
    ]; // prettier-ignore
    for (const path of attempts) {
      const response = await ask(`app://isochromat${path}`);
      expect(await response.text(), path).not.toContain(SECRET);
    }
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.constantFrom(
            '..',
            '%2e%2e',
            '/',
            '%2f',
            '\\',
            '%5c',
            '%',
            'secret.txt',
            'up',
            'link.txt',
            '.',
            '%00',
            'assets',
          ),
          { maxLength: 8 },
        ),
        async (parts) => {
          const file = await readBundleFile(renderer, `/${parts.join('')}`);
          expect(file === undefined || !Buffer.from(file.bytes).toString().includes(SECRET)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('can only be read, and only at our two addresses', async () => {
    expect((await ask('app://isochromat/index.html', { method: 'POST', body: 'x' })).status).toBe(405);
    expect((await ask('app://elsewhere/index.html')).status).toBe(404);
    expect(await (await ask('app://shell/diagnostics.html')).text()).toContain('diagnostics');
    expect((await ask('app://shell/index.html')).status).toBe(404);
    expect((await ask('app://shell/api/jobs.list')).status).toBe(404);
  });

  it('say that the engine is away when it is', async () => {
    const response = await ask('app://isochromat/api/jobs.list');
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: 'engine-away' });
  });
});
