import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JobRecord, VolumePage } from '../../main/server/contract.ts';
import { EngineProcess } from './engine-process.ts';
import { phantomStudy } from './phantom-study.ts';
import type { PhantomStudy } from './phantom-study.ts';

/** The whole measurement takes 10,000 requests and more: ISOCHROMAT_LOAD_REQUESTS=20000. */
const REQUESTS = Number(process.env['ISOCHROMAT_LOAD_REQUESTS'] ?? 2000);
const IN_FLIGHT = 200;
const whole = REQUESTS >= 10_000;

let engine: EngineProcess;
let phantom: PhantomStudy;
let paths: string[];

beforeAll(async () => {
  phantom = await phantomStudy({ volumes: 6, slices: 3 });
  engine = await EngineProcess.start('desktop', { arguments: ['--study', phantom.study] });
  const { rows } = await engine.query<VolumePage>('volumes.list', {});
  const [set] = await engine.query<{ id: string }[]>('patchSets.list');
  paths = rows.flatMap(({ id, slices }) => [
    `/arrays/volumes/${id}/thumbnail?part=magnitude`,
    `/arrays/volumes/${id}/thumbnail?part=phase`,
    ...Array.from({ length: slices }, (_, i) => `/arrays/volumes/${id}/slices/${i}?part=magnitude&as=int16`),
    ...Array.from({ length: slices }, (_, i) => `/arrays/volumes/${id}/slices/${i}?part=phase&as=int16`),
    `/arrays/patch-sets/${set!.id}/patches?split=train&from=0&count=4`,
  ]);
});
afterAll(async () => {
  await engine.stop();
  phantom.remove();
});

test(`${IN_FLIGHT} requests in flight for arrays are answered while two jobs run, and nothing piles up`, async () => {
  const train = await engine.mutate<JobRecord>('jobs.submit', {
    kind: 'train',
    parameters: { model: 'autoencoder', budget: { seconds: 3600 } },
  });
  const beside = cutPatchesAgainAndAgain();
  await untilRunning(train);
  const peer = await PlainServer.start(join(engine.folder, 'run', 'plain.sock'));
  try {
    // Until its heap and its cache have the size that this load gives them.
    await load(engine, whole ? REQUESTS : 800);
    const before = residentBytes(engine.child.pid!);
    const times = await load(engine, REQUESTS);
    const growth = residentBytes(engine.child.pid!) - before;
    const plain = await load(peer, Math.min(REQUESTS, 2000));
    expect(await engine.query<JobRecord>('jobs.get', { id: train.id })).toMatchObject({ state: 'running' });
    const [ours, theirs] = [quantile(times, 0.99), quantile(plain, 0.99)];
    process.stdout.write(
      `      ${REQUESTS} requests, ${IN_FLIGHT} in flight: p50 ${quantile(times, 0.5).toFixed(0)} ms, p99 ${ours.toFixed(0)} ms ` +
        `(a bare server: ${theirs.toFixed(0)} ms), grew by ${(growth / 2 ** 20).toFixed(0)} MiB\n`,
    );
    // How long it takes is up to the machine and what else runs on it: a bare server that sends as much has to bear the same.
    expect(ours).toBeLessThan(8 * theirs + 50);
    if (whole) expect(ours).toBeLessThan(100);
    expect(beside.jobs()).toBeGreaterThan(0);
    expect(growth).toBeLessThan(96 * 2 ** 20);
  } finally {
    await peer.stop();
    await beside.stop();
    await engine.mutate('jobs.cancel', { id: train.id });
  }
}, 900_000);

/** A job without a model beside the training, as long as is wanted: one ends and the next begins. */
function cutPatchesAgainAndAgain(): { jobs: () => number; stop: () => Promise<void> } {
  let stopped = false;
  let seed = 100;
  const work = (async () => {
    while (!stopped) {
      const job = await engine.mutate<JobRecord>('jobs.submit', { kind: 'patches', parameters: { seed: seed++ } });
      for (let now = job; now.state === 'queued' || now.state === 'running';) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        now = await engine.query<JobRecord>('jobs.get', { id: job.id });
      }
    }
  })();
  return {
    jobs: () => seed - 100,
    stop: () => {
      stopped = true;
      return work;
    },
  };
}

/** What the machine can do at best now: Node's own server, sending a slice from memory. */
class PlainServer {
  readonly socket: string;
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess, socket: string) {
    this.child = child;
    this.socket = socket;
  }

  static async start(socket: string): Promise<PlainServer> {
    const program = `
      const body = Buffer.alloc(320 * 320 * 2);
      require('node:http').createServer((_, reply) => reply.end(body)).listen(process.argv[1], () => console.log('ready'));
      process.stdin.on('end', () => process.exit()).resume();`;
    const child = spawn(process.execPath, ['-e', program, socket], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    return new PlainServer(child, socket);
  }

  async stop(): Promise<void> {
    this.child.stdin!.end();
    await once(this.child, 'exit');
  }
}

async function untilRunning({ id }: JobRecord): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    const { state, progress, error } = await engine.query<JobRecord>('jobs.get', { id });
    if (state === 'running' && progress !== null) return;
    if (state !== 'queued' && state !== 'running') throw new Error(error?.sentence ?? state);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The job did not start.');
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

/** Milliseconds that each of so many requests took. What is sent is counted and thrown away: it is not the client that is measured. */
async function load(server: { socket: string }, requests: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });
  const headers = { 'x-isochromat-window': '1' };
  const times: number[] = [];
  let next = 0;
  const ask = (path: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const begun = performance.now();
      const asked = httpRequest({ socketPath: server.socket, path, agent, headers }, (reply) => {
        let bytes = 0;
        reply.on('data', (chunk: Buffer) => (bytes += chunk.length));
        reply.on('end', () => {
          times.push(performance.now() - begun);
          if (reply.statusCode === 200 && bytes > 0) resolve();
          else reject(new Error(`${path}: ${reply.statusCode}`));
        });
      });
      asked.on('error', reject).end();
    });
  const one = async (): Promise<void> => {
    while (next < requests) await ask(paths[(next++ * 7) % paths.length]!);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, one));
  agent.destroy();
  return times;
}

/** Resident memory of a process; 0 where the system does not say. */
function residentBytes(pid: number): number {
  try {
    const status = readFileSync(join('/proc', String(pid), 'status'), 'utf8');
    return 1024 * Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
