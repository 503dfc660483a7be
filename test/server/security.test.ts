import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserAccess, desktopAccess } from '../../main/server/http/access.ts';
import { withoutPaths } from '../../main/server/public-error.ts';
import { EngineProcess } from './engine-process.ts';

let pages: string;
beforeAll(() => {
  const root = mkdtempSync(join(tmpdir(), 'isochromat-pages-'));
  pages = join(root, 'renderer');
  mkdirSync(join(pages, 'assets'), { recursive: true });
  writeFileSync(join(pages, 'index.html'), '<!doctype html><title>Isochromat</title>');
  writeFileSync(join(pages, 'assets', 'app-1234.js'), 'export {};');
  writeFileSync(join(root, 'secret.txt'), 'outside');
  mkdirSync(join(root, 'renderer-too'));
  writeFileSync(join(root, 'renderer-too', 'beside.txt'), 'beside');
  symlinkSync(join(root, 'secret.txt'), join(pages, 'link.txt'));
});
afterAll(() => rmSync(dirname(pages), { recursive: true, force: true }));

describe('the desktop engine', () => {
  let engine: EngineProcess;
  beforeAll(async () => {
    engine = await EngineProcess.start('desktop', { arguments: ['--renderer', pages] });
  });
  afterAll(() => engine.stop());

  test('listens on a socket of mode 0600 and on no port', () => {
    expect(statSync(engine.socket).mode & 0o777).toBe(0o600);
    expect(engine.port).toBe(0);
  });

  test('refuses who shows neither the secret nor the mark of the window', async () => {
    for (const path of ['/', '/api/system.versions', '/arrays/volumes/a/thumbnail', '/events', '/shell/paths']) {
      const { status, body } = await engine.ask(path, { bare: true });
      expect([path, status]).toEqual([path, 401]);
      expect(JSON.parse(body.toString())).toMatchObject({ code: 'not-allowed' });
    }
    const wrong = await engine.ask('/api/system.versions', { bare: true, headers: { authorization: 'Bearer 00' } });
    expect(wrong.status).toBe(401);
  });

  test('gives tokens for paths to the shell and never to a window, whatever else it shows', async () => {
    const asked = { method: 'POST', body: JSON.stringify({ paths: [tmpdir()] }) };
    const json = { 'content-type': 'application/json' };
    expect((await engine.ask('/shell/paths', { ...asked, headers: json })).status).toBe(403);
    const both = { ...json, authorization: `Bearer ${engine.secret}` };
    expect((await engine.ask('/shell/paths', { ...asked, headers: both })).status).toBe(403);
    expect(await engine.tokens(tmpdir())).toEqual([expect.stringMatching(/^path_[\w-]{24}$/)]);
  });

  test('takes no path in the place of a token', async () => {
    await expect(engine.mutate('study.open', { folder: '/etc' })).rejects.toMatchObject({ code: 'input' });
    await expect(engine.mutate('study.open', { folder: 'path_etcpasswd' })).rejects.toMatchObject({
      code: 'unknown-token',
    });
    await expect(engine.query('files.roots')).rejects.toMatchObject({ code: 'shell-has-dialogs' });
  });

  test('does not read outside of its pages: dots, encoded dots, links, drives, neighbours', async () => {
    expect((await engine.ask('/')).body.toString()).toContain('Isochromat');
    const attempts = [
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/%2e%2e/secret.txt',
      '/%2e%2e%2fsecret.txt',
      '/%252e%252e%252fsecret.txt',
      '/assets/..%5c..%5csecret.txt',
      '/assets/../../secret.txt',
      '/../renderer-too/beside.txt',
      '/link.txt',
      '/C:%5cwindows%5cwin.ini.txt',
      '//etc/passwd.txt',
      '/.git/config.txt',
      '/assets/%00.txt',
      '/%ff.txt',
    ];
    for (const path of attempts) {
      const { status, body } = await rawRequest(engine.socket, path);
      expect([path, status >= 400, body.includes('outside') || body.includes('beside')]).toEqual([path, true, false]);
    }
  });

  test('sends a strict policy with every answer, and lets only hashed assets be kept', async () => {
    for (const path of ['/', '/library', '/api/system.versions', '/nothing.txt', '/assets/app-1234.js']) {
      const { headers } = await engine.ask(path);
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'self'");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
      expect(headers['access-control-allow-origin']).toBeUndefined();
      expect(String(headers['cache-control'])).toMatch(path.startsWith('/assets') ? /immutable/ : /no-(store|cache)/);
    }
  });

  test('refuses a body that is too large, one that is no JSON, and one of another type', async () => {
    const headers = { 'content-type': 'application/json' };
    const large = await engine.ask('/api/system.keepSession', {
      method: 'POST',
      headers: { ...headers, 'content-length': String(9 * 2 ** 20), connection: 'close' },
    });
    expect(large.status).toBe(413);
    const broken = await engine.ask('/api/system.keepSession', { method: 'POST', headers, body: '{"key":' });
    expect(broken.status).toBe(400);
    const other = await engine.ask('/shell/paths', {
      method: 'POST',
      headers: { 'content-type': 'text/xml' },
      body: '<',
    });
    expect(other.status).toBeGreaterThanOrEqual(400);
    await expect(engine.mutate('system.keepSession', { key: 'big', state: 'x'.repeat(300_000) })).rejects.toMatchObject(
      { code: 'session-too-large' },
    );
  });

  test('says nothing of stacks and paths when something goes wrong', async () => {
    const [token] = await engine.tokens(pages);
    const answer = await engine.ask('/api/study.open', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ folder: token }),
    });
    const text = answer.body.toString();
    expect(JSON.parse(text)).toMatchObject({ error: { data: { error: { code: 'not-a-study' } } } });
    expect(text).not.toContain(pages);
    expect(text).not.toMatch(/\.ts:\d+|node_modules|"stack"/);
    expect((await engine.ask('/api/nothing.here')).status).toBe(404);
  });
});

describe('the browser engine', () => {
  let engine: EngineProcess;
  let host: string;
  beforeAll(async () => {
    engine = await EngineProcess.start('browser', { arguments: ['--renderer', pages] });
    host = `127.0.0.1:${engine.port}`;
    engine.headers = { host };
  });
  afterAll(() => engine.stop());

  test('gives nothing without the cookie', async () => {
    for (const path of ['/', '/api/system.versions', '/arrays/volumes/a/thumbnail', '/events']) {
      expect((await engine.ask(path)).status).toBe(401);
    }
    expect((await engine.ask('/', { headers: { cookie: `isochromat-${engine.port}=guess` } })).status).toBe(401);
    expect((await engine.ask('/?token=guess')).status).toBe(401);
  });

  test('exchanges its token once for a cookie that pages of other sites do not send and scripts cannot read', async () => {
    const first = await engine.ask(`/?token=${engine.secret}`);
    expect(first).toMatchObject({ status: 303, headers: { location: '/' } });
    expect(first.headers['set-cookie']).toEqual([expect.stringMatching(/; HttpOnly; SameSite=Strict; Path=\/$/)]);
    const again = await engine.ask(`/?token=${engine.secret}`);
    expect(again.status).toBe(401);
    expect(again.headers['set-cookie']).toBeUndefined();
    engine.headers = { host, origin: `http://${host}`, cookie: first.headers['set-cookie']![0]!.split(';')[0]! };
    expect((await engine.ask('/')).status).toBe(200);
    expect(await engine.query('system.mode')).toBe('browser');
  });

  test('answers to its own name only: a name that was made to point here is refused', async () => {
    for (const name of [
      'evil.example',
      `evil.example:${engine.port}`,
      '127.0.0.1',
      `127.0.0.1:${engine.port + 1}`,
      `[::1]:${engine.port}`,
    ]) {
      expect((await engine.ask('/api/system.versions', { headers: { host: name } })).status).toBe(421);
    }
    const local = `localhost:${engine.port}`;
    const renamed = await engine.ask('/api/system.versions', { headers: { host: local, origin: `http://${local}` } });
    expect(renamed.status).toBe(200);
  });

  test('refuses pages of other sites by Origin and by Sec-Fetch-Site, with the cookie too', async () => {
    for (const origin of ['https://evil.example', 'null', `https://${host}`, `http://127.0.0.1:${engine.port + 1}`]) {
      expect((await engine.ask('/api/system.versions', { headers: { origin } })).status).toBe(403);
    }
    for (const site of ['cross-site', 'same-site']) {
      expect((await engine.ask('/', { headers: { 'sec-fetch-site': site } })).status).toBe(403);
    }
    const { cookie } = engine.headers;
    const nameless = { method: 'POST', bare: true, headers: { host, cookie: cookie! } };
    expect((await engine.ask('/api/study.close', nameless)).status).toBe(403);
  });

  test('has no door for the shell, and lists folders by token alone', async () => {
    const asked = {
      method: 'POST',
      headers: { authorization: `Bearer ${engine.secret}`, 'content-type': 'application/json' },
    };
    expect((await engine.ask('/shell/paths', { ...asked, body: '{"paths":["/etc"]}' })).status).toBe(403);
    const roots = await engine.query<{ token: string; kind: string }[]>('files.roots');
    const { entries, parent } = await engine.query<{ entries: { token: string }[]; parent: string | null }>(
      'files.list',
      {
        folder: roots.at(-1)!.token,
      },
    );
    expect(entries.length).toBeGreaterThan(0);
    expect(parent).toBeNull();
    await expect(engine.query('files.list', { folder: '/etc' })).rejects.toMatchObject({ code: 'input' });
    for (const name of ['..', '../up', 'a/b', 'a\\b', '.']) {
      await expect(engine.mutate('files.newFolder', { folder: roots[0]!.token, name })).rejects.toMatchObject({
        code: 'folder-name',
      });
    }
  });

  test('listens on the loopback address alone', async () => {
    const { networkInterfaces } = await import('node:os');
    const others = Object.values(networkInterfaces()).flatMap((all) =>
      (all ?? []).filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address),
    );
    for (const address of others) expect(await canConnect(address, engine.port)).toBe(false);
    expect(await canConnect('127.0.0.1', engine.port)).toBe(true);
  });
});

describe('starting an engine', () => {
  test('is refused where others could reach its socket', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'isochromat-open-'));
    chmodSync(folder, 0o755);
    const started = EngineProcess.start('desktop', { arguments: ['--socket', join(folder, 'e.sock')] });
    await expect(started).rejects.toThrow(/nobody but this user/);
    rmSync(folder, { recursive: true });
  });

  test('ends in order with exit code 0 when its parent is gone, and on SIGTERM', async () => {
    const one = await EngineProcess.start('desktop');
    expect(await one.stop()).toBe(0);
    const two = await EngineProcess.start('desktop');
    two.child.kill('SIGTERM');
    await new Promise((resolve) => two.child.once('exit', resolve));
    expect(await two.stop()).toBe(0);
  });
});

test('access is decided by what is shown, on every platform', () => {
  const request = (headers: Record<string, string>) => ({ headers, method: 'GET', url: '/' }) as never;
  const secret = 's'.repeat(64);
  const window = { 'x-isochromat-window': '1' };
  expect(desktopAccess(secret, 'linux')(request(window))).toEqual({ caller: 'window' });
  expect(desktopAccess(secret, 'win32')(request(window))).toMatchObject({ status: 401 });
  const both = { ...window, authorization: `Bearer ${secret}` };
  expect(desktopAccess(secret, 'win32')(request(both))).toEqual({ caller: 'window' });
  expect(desktopAccess('', 'linux')(request({ authorization: 'Bearer ' }))).toMatchObject({ status: 401 });
  expect(browserAccess('', () => 80)(request({ host: '127.0.0.1:80' }))).toMatchObject({ status: 401 });
});

test('paths are taken out of sentences, fractions and units are not', () => {
  expect(withoutPaths("ENOENT: no such file, open '/home/ann/scan one.h5'")).not.toContain('ann');
  expect(withoutPaths('C:\\Users\\ann\\x.h5 is gone')).toBe('… is gone');
  expect(withoutPaths('about 3/4 of 10 mm/px, and/or less')).toBe('about 3/4 of 10 mm/px, and/or less');
});

/** A request whose path nobody tidies up. */
function rawRequest(socket: string, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const line = connect(socket);
    let text = '';
    line.on('data', (chunk) => (text += chunk.toString('latin1')));
    line.on('end', () => resolve({ status: Number(text.split(' ')[1]), body: text.split('\r\n\r\n').slice(1).join() }));
    line.on('error', reject);
    line.write(`GET ${path} HTTP/1.1\r\nhost: isochromat\r\nx-isochromat-window: 1\r\nconnection: close\r\n\r\n`);
  });
}

function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const line = connect({ host, port, timeout: 1000 });
    line.on('connect', () => (line.destroy(), resolve(true)));
    line.on('error', () => resolve(false));
    line.on('timeout', () => (line.destroy(), resolve(false)));
  });
}
