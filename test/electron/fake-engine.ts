// An engine for the tests of its supervision: speaks the protocol of main/server/engine.ts (secret on standard input, readiness line,
// orderly end when standard input ends) over node:http, and misbehaves when the environment asks for it.
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { createInterface } from 'node:readline';

const socket = process.argv[process.argv.indexOf('--socket') + 1]!;
const behaviour = process.env['FAKE_ENGINE'] ?? '';
const record = process.env['FAKE_ENGINE_RECORD'];
const note = (line: string): void => void (record !== undefined && appendFileSync(record, `${line}\n`));

note(`arguments ${process.argv.slice(2).join(' ')}`);
note(
  `environment ${Object.keys(process.env)
    .filter((name) => /^(NODE_|ELECTRON_)/.test(name))
    .join(' ')}`,
);
if (behaviour === 'crash') {
  process.stderr.write('The database is on fire.\n');
  process.exit(7);
}
// Crashes the first time only: the file remembers.
const once = process.env['FAKE_ENGINE_ONCE'];
const crashing = once !== undefined && !existsSync(once);
if (crashing) writeFileSync(once, '');

const streams = new Set<ServerResponse>();
let secret = '';
let jobs: unknown[] = [];
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    const { authorization, 'x-isochromat-window': window, cookie, origin } = request.headers;
    note(JSON.stringify({ method: request.method, url: request.url, window, authorization, cookie, origin, body }));
    const url = request.url!;
    const json = (data: unknown): void =>
      void response.setHeader('content-type', 'application/json').end(JSON.stringify(data));
    if (url === '/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': hello\n\n');
      streams.add(response);
    } else if (url === '/shell/paths' && authorization === `Bearer ${secret}`) {
      const { paths } = JSON.parse(body) as { paths: string[] };
      json({ tokens: paths.map((path, i) => ({ token: `token-${i}`, name: path.split('/').at(-1), kind: 'folder' })) });
    } else if (url.startsWith('/api/jobs.list')) json({ result: { data: jobs } });
    else if (url === '/api/have-jobs') json({ jobs: (jobs = JSON.parse(body) as unknown[]).length });
    else if (url.startsWith('/api/study.recent')) {
      json({
        result: {
          data: [
            { key: 'k1', name: 'Heads & Necks', present: true },
            { key: 'k2', name: 'Gone', present: false },
          ],
        },
      });
    } else if (url.startsWith('/api/system.versions')) json({ result: { data: { isochromat: '1.2.3' } } });
    else if (url === '/api/emit') {
      for (const stream of streams) stream.write(body);
      json({});
    } else if (url === '/api/crash') process.exit(3);
    else if (url.startsWith('/api/orphan')) {
      // A child that outlives us and holds our pipes.
      const wait = 'setTimeout(() => {}, 120_000)';
      note(`child ${spawn(process.execPath, ['-e', wait], { stdio: ['ignore', 'inherit', 'inherit'] }).pid}`);
      setTimeout(() => process.kill(process.pid, 'SIGKILL'), 100);
    } else if (url === '/api/hang') for (;;);
    else if (url === '/arrays/large') {
      response.writeHead(200, { 'x-shape': '2,96,96', etag: '"abc"', 'set-cookie': 'a=b' });
      response.write(Buffer.alloc(1000, 1));
      response.end(Buffer.alloc(1000, 2));
    } else response.writeHead(404).end();
  });
});

createInterface({ input: process.stdin })
  .on('line', (line) => {
    ({ secret } = JSON.parse(line) as { secret: string });
    note(`mode ${line.includes('desktop')} ${secret.length}`);
    if (behaviour === 'never-ready') return;
    server.listen(socket, () => {
      process.stdout.write('not json\n');
      process.stdout.write(`${JSON.stringify({ ready: true, socket })}\n`);
      if (crashing) setTimeout(() => process.exit(9), 50);
    });
  })
  .on('close', () => {
    if (behaviour === 'stubborn') return;
    note('orderly end');
    setTimeout(() => process.exit(0), 50);
  });
if (behaviour === 'stubborn') {
  process.on('SIGTERM', () => note('ignored SIGTERM'));
  setInterval(() => {}, 1000);
}
