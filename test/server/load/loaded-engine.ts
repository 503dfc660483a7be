import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { JobRecord, VolumePage } from '../../../main/server/contract.ts';
import { EngineProcess } from '../engine-process.ts';
import { phantomStudy } from '../phantom-study.ts';
import type { Load, LoadTimes } from './generator.ts';

const GENERATOR = join(import.meta.dirname, 'generator.ts');
const PLAIN_SERVER = join(import.meta.dirname, 'plain-server.ts');
/** A busy machine takes its time to begin a training. */
const START_MS = 300_000;

/** What requests had to wait, in milliseconds. */
export interface Waiting {
  p50: number;
  p99: number;
  /** Answered in a second. */
  rate: number;
}

/** An engine with a study of six volumes, and a bare server beside it; both are asked for arrays from another process. */
export class LoadedEngine {
  readonly engine: EngineProcess;
  private readonly phantom: Awaited<ReturnType<typeof phantomStudy>>;
  private readonly plain: { socket: string; stop: () => Promise<void> };
  private paths: string[] = [];

  private constructor(engine: EngineProcess, phantom: LoadedEngine['phantom'], plain: LoadedEngine['plain']) {
    this.engine = engine;
    this.phantom = phantom;
    this.plain = plain;
  }

  static async start(): Promise<LoadedEngine> {
    const phantom = await phantomStudy({ volumes: 6, slices: 3 });
    const engine = await EngineProcess.start('desktop', { arguments: ['--study', phantom.study] });
    const loaded = new LoadedEngine(engine, phantom, await plainServer(join(engine.folder, 'run', 'plain.sock')));
    const { rows } = await engine.query<VolumePage>('volumes.list', {});
    const [set] = await engine.query<{ id: string }[]>('patchSets.list');
    loaded.paths = rows.flatMap(({ id, slices }) => [
      `/arrays/volumes/${id}/thumbnail?part=magnitude`,
      `/arrays/volumes/${id}/thumbnail?part=phase`,
      ...Array.from({ length: slices }, (_, i) => `/arrays/volumes/${id}/slices/${i}?part=magnitude&as=int16`),
      ...Array.from({ length: slices }, (_, i) => `/arrays/volumes/${id}/slices/${i}?part=phase&as=int16`),
      `/arrays/patch-sets/${set!.id}/patches?split=train&from=0&count=4`,
    ]);
    return loaded;
  }

  async stop(): Promise<void> {
    await this.plain.stop();
    await this.engine.stop();
    this.phantom.remove();
  }

  /** Asks for arrays of all kinds, slices at most; every answer has to be 200. */
  ask(requests: number, inFlight: number): Promise<Waiting> {
    return load({ socket: this.engine.socket, paths: this.paths, requests, inFlight });
  }

  askPlainServer(requests: number, inFlight: number): Promise<Waiting> {
    return load({ socket: this.plain.socket, paths: ['/'], requests, inFlight });
  }

  /** Resident bytes of the engine; 0 where the system does not say. */
  get residentBytes(): number {
    try {
      const status = readFileSync(`/proc/${this.engine.child.pid}/status`, 'utf8');
      return 1024 * Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0);
    } catch {
      return 0;
    }
  }

  /** Runs `work` beside two jobs: one that trains, and one without a model that begins again whenever it is done. */
  async besideJobs<T>(work: () => Promise<T>): Promise<T> {
    const train = await this.engine.mutate<JobRecord>('jobs.submit', {
      kind: 'train',
      parameters: { model: 'autoencoder', budget: { seconds: 36_000 } },
    });
    await this.untilUnderWay(train);
    const patches = this.cutPatchesAgainAndAgain();
    try {
      const result = await work();
      const { state } = await this.engine.query<JobRecord>('jobs.get', { id: train.id });
      if (state !== 'running') throw new Error(`The training was ${state} before the load was over.`);
      return result;
    } finally {
      await patches.stop();
      await this.engine.mutate('jobs.cancel', { id: train.id });
    }
  }

  private cutPatchesAgainAndAgain(): { stop: () => Promise<void> } {
    let stopped = false;
    const over = (async () => {
      for (let seed = 100; !stopped; seed++) {
        const { id } = await this.engine.mutate<JobRecord>('jobs.submit', { kind: 'patches', parameters: { seed } });
        while (['queued', 'running'].includes((await this.engine.query<JobRecord>('jobs.get', { id })).state)) {
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      }
    })();
    return {
      stop: () => {
        stopped = true;
        return over;
      },
    };
  }

  private async untilUnderWay({ id }: JobRecord): Promise<void> {
    for (const begun = performance.now(); performance.now() - begun < START_MS;) {
      const { state, progress, error } = await this.engine.query<JobRecord>('jobs.get', { id });
      if (state === 'running' && progress !== null) return;
      if (state !== 'queued' && state !== 'running') throw new Error(error?.sentence ?? state);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('The job did not start.');
  }
}

async function load(asked: Load): Promise<Waiting> {
  const options = { maxBuffer: 2 ** 28 };
  const { stdout } = await promisify(execFile)(process.execPath, [GENERATOR, JSON.stringify(asked)], options);
  const { milliseconds, seconds } = JSON.parse(stdout) as LoadTimes;
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return { p50: at(0.5), p99: at(0.99), rate: asked.requests / seconds };
}

async function plainServer(socket: string): Promise<{ socket: string; stop: () => Promise<void> }> {
  const child = spawn(process.execPath, [PLAIN_SERVER, socket], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const ended = once(child, 'exit');
  return {
    socket,
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
