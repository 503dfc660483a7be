import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EngineProcess } from './engine-process.ts';

const canUnshare = spawnSync('unshare', ['-rn', 'true']).status === 0;
const canTrace =
  spawnSync('strace', ['-f', '--seccomp-bpf', '-e', 'trace=connect', '-o', '/dev/null', 'true']).status === 0;

/** Asks an engine for everything that might make it look outside. */
async function exercise(engine: EngineProcess): Promise<void> {
  expect(await engine.query('system.versions')).toMatchObject({ isochromat: expect.any(String) });
  const [folder] = await engine.tokens(engine.folder);
  expect(await engine.mutate('study.create', { folder, name: 'Offline' })).toMatchObject({ name: 'Offline' });
  await engine.mutate('system.changeSettings', { updates: false });
  expect(await engine.query('volumes.list', {})).toMatchObject({ total: 0 });
  await engine.mutate('intake.inspect', { paths: [folder] });
  expect((await engine.ask('/arrays/volumes/a-b/thumbnail')).status).toBe(404);
  await engine.mutate('study.close');
}

test.skipIf(!canUnshare)(
  `an engine works where there is no network at all${canUnshare ? '' : ' [skipped: unshare -n is not allowed here]'}`,
  async () => {
    const engine = await EngineProcess.start('desktop', { before: ['unshare', '-rn'] });
    await exercise(engine).finally(() => engine.stop());
  },
);

test.skipIf(!canTrace)(
  `an engine tries to reach no other machine, and asks for no name${canTrace ? '' : ' [skipped: strace is not here]'}`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'isochromat-trace-'));
    const trace = join(folder, 'trace');
    const engine = await EngineProcess.start('desktop', {
      before: ['strace', '-f', '-qq', '--seccomp-bpf', '-e', 'trace=connect,sendto,sendmsg,bind', '-o', trace],
    });
    await exercise(engine).finally(() => engine.stop());
    const lines = readFileSync(trace, 'utf8').split('\n');
    expect(lines.some((line) => /bind\(.*AF_UNIX/.test(line))).toBe(true);
    expect(lines.filter((line) => /AF_INET6?/.test(line))).toEqual([]);
    rmSync(folder, { recursive: true });
  },
);
