import { mkdtempSync, readFileSync, existsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { EngineState } from '../../electron/bridge.ts';
import { EngineClient } from '../../electron/engine-client.ts';
import { EngineProcess } from '../../electron/engine-process.ts';
import type { EngineTimings } from '../../electron/engine-process.ts';

const entry = fileURLToPath(new URL('./fake-engine.ts', import.meta.url));
// Comes back at once; whatever takes its time on a busy machine may take it.
const quick = { ready: 50_000, backOff: [20, 40], stable: 600_000, grace: 50_000, terminate: 50_000 };
const engines: EngineProcess[] = [];

function engineWith(environment: Record<string, string> = {}, timings: Partial<EngineTimings> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'isochromat-engine-'));
  const record = join(folder, 'record');
  const engine = new EngineProcess(
    { node: process.execPath, entry, environment: { FAKE_ENGINE_RECORD: record, ...environment } },
    { ...quick, ...timings },
  );
  engines.push(engine);
  const states: EngineState[] = [];
  engine.on('state', (state) => states.push(state));
  return { engine, states, folder, recorded: () => readFileSync(record, 'utf8') };
}

function reaches(engine: EngineProcess, kind: EngineState['kind']): Promise<EngineState> {
  return new Promise((done) => {
    const look = (state: EngineState): void => {
      if (state.kind !== kind) return;
      engine.off('state', look);
      done(state);
    };
    engine.on('state', look);
    look(engine.state);
  });
}

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.stop()));
});

describe('the engine under supervision', () => {
  it('is ready when it says so, and not before, on a socket that only the user can reach', async () => {
    const { engine, states } = engineWith();
    engine.start();
    expect(engine.connection).toBeUndefined();
    const { socket, secret } = await engine.ready();
    expect(states.map((state) => state.kind)).toEqual(['starting', 'ready']);
    expect(statSync(dirname(socket)).mode & 0o777).toBe(0o700);
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is told the secret where no list of processes shows it', async () => {
    const { engine, recorded } = engineWith();
    engine.start();
    const { secret } = await engine.ready();
    expect(recorded()).toContain('mode true 64');
    expect(recorded()).not.toContain(secret);
    const environment =
      readFileSync(`/proc/${engine.pid}/environ`, 'utf8') + readFileSync(`/proc/${engine.pid}/cmdline`, 'utf8');
    expect(environment).not.toContain(secret);
  });

  it('gets nothing of the environment that would change how its Node starts', async () => {
    process.env['NODE_OPTIONS_OF_A_STRANGER'] = '--inspect';
    process.env['ELECTRON_RUN_AS_NODE'] = '1';
    const { engine, recorded } = engineWith();
    engine.start();
    await engine.ready();
    delete process.env['NODE_OPTIONS_OF_A_STRANGER'];
    delete process.env['ELECTRON_RUN_AS_NODE'];
    expect(recorded()).toMatch(/^environment $/m);
  });

  it('is stopped in order by the end of its standard input', async () => {
    const { engine, recorded } = engineWith();
    engine.start();
    const { socket } = await engine.ready();
    await engine.stop();
    expect(recorded()).toContain('orderly end');
    expect(engine.state).toEqual({ kind: 'stopped' });
    expect(existsSync(dirname(socket))).toBe(false);
  });

  it('is stopped by force when neither the request nor the signal helps', async () => {
    const { engine, recorded } = engineWith({ FAKE_ENGINE: 'stubborn' }, { grace: 300, terminate: 3000 });
    engine.start();
    await engine.ready();
    const started = performance.now();
    await engine.stop();
    expect(recorded()).toContain('ignored SIGTERM');
    expect(performance.now() - started).toBeGreaterThan(3200);
    expect(engine.pid).toBeUndefined();
  });

  it('is started again when it ends by itself, on a new address with a new secret', async () => {
    const once = join(mkdtempSync(join(tmpdir(), 'isochromat-once-')), 'crashed');
    const { engine, states } = engineWith({ FAKE_ENGINE_ONCE: once });
    engine.start();
    const first = await engine.ready();
    const restarting = await reaches(engine, 'restarting');
    expect(restarting).toMatchObject({ reason: 'The engine ended with exit code 9.', seconds: 0.02 });
    const second = await engine.ready();
    expect(second.socket).not.toBe(first.socket);
    expect(second.secret).not.toBe(first.secret);
    expect(states.map((state) => state.kind)).toEqual(['starting', 'ready', 'restarting', 'starting', 'ready']);
  });

  it('is given up after the last wait, with its last words, and can be started by hand', async () => {
    const { engine, states } = engineWith({ FAKE_ENGINE: 'crash' });
    engine.start();
    await expect(engine.ready()).rejects.toThrow('exit code 7. Its last words: The database is on fire.');
    expect(states.filter((state) => state.kind === 'restarting').map((state) => state.seconds)).toEqual([0.02, 0.04]);
    engine.start();
    expect(engine.state.kind).toBe('starting');
    await reaches(engine, 'failed');
  });

  it('counts as crashed when it does not become ready in time, or cannot be run at all', async () => {
    const { engine, states } = engineWith({ FAKE_ENGINE: 'never-ready' }, { ready: 300, backOff: [] });
    engine.start();
    await reaches(engine, 'failed');
    expect(states.map((state) => state.kind)).toEqual(['starting', 'failed']);

    const absent = new EngineProcess({ node: '/no/such/node', entry }, { ...quick, backOff: [] });
    absent.start();
    expect(await reaches(absent, 'failed')).toMatchObject({ reason: expect.stringContaining('ENOENT') as string });
  });

  it('does not come back once it was stopped while waiting to be restarted', async () => {
    const { engine, states } = engineWith({ FAKE_ENGINE: 'crash' }, { backOff: [10_000] });
    engine.start();
    await reaches(engine, 'restarting');
    await engine.stop();
    expect(states.at(-1)).toEqual({ kind: 'stopped' });
  });

  it('is noticed to have died although a child of it still holds its pipes', async () => {
    const { engine, recorded } = engineWith();
    engine.start();
    await engine.ready();
    void new EngineClient(() => engine.ready()).query('orphan').catch(() => {});
    expect(await reaches(engine, 'restarting')).toMatchObject({ reason: 'The engine was ended by SIGKILL.' });
    const child = Number(/^child (\d+)$/m.exec(recorded())?.[1]);
    // It is there still, so that it was not its end that was noticed.
    expect(process.kill(child, 'SIGKILL')).toBe(true);
  });

  it('is noticed to hang, and is started again', async () => {
    const { engine, recorded } = engineWith();
    engine.start();
    const client = new EngineClient(() => engine.ready());
    expect(await client.answers(50_000)).toBe(true);
    void client.query('hang').catch(() => {});
    await vi.waitFor(() => expect(recorded()).toContain('/api/hang'), { timeout: 50_000 });
    expect(await client.answers(300)).toBe(false);
    engine.endUnresponsive();
    await reaches(engine, 'restarting');
    await engine.ready();
    expect(await client.answers(50_000)).toBe(true);
  });
});
