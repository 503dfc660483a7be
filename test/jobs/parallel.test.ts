import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mapInWorkers } from '../../main/jobs/parallel.ts';

const MODULE = `
export const twice = (item, shared) => item * 2 + (shared ?? 0);
export const picky = (item) => { if (item === 3) throw new Error('three is not liked'); return item; };
export const fatal = (item) => { if (item === 2) process.exit(7); return item; };
export const endless = () => new Promise(() => setInterval(() => {}, 1000));
export const stuck = (item) => { while (item === 2); return item; };
export const greedy = (item) => { const all = []; while (item === 2) all.push(new Array(1000).fill({ item })); return item; };
export const notAFunction = 5;
`;

let folder = '';
let module = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isochromat-parallel-'));
  module = join(folder, 'work.mjs');
  await writeFile(module, MODULE);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('mapping over worker threads', () => {
  test('answers in the order of the items, and hands the shared argument to all', async () => {
    const items = Array.from({ length: 20 }, (_, i) => i);
    const seen: number[] = [];
    const outcomes = await mapInWorkers<number, number>(module, 'twice', items, {
      threads: 3,
      shared: 100,
      onProgress: (done, total) => seen.push(done, total),
    });
    expect(outcomes).toEqual(items.map((item) => ({ ok: true, value: 2 * item + 100 })));
    expect(seen.filter((_, i) => i % 2 === 0)).toEqual(items.map((item) => item + 1));
  });

  test('one failing item is one failure, with its reason and name', async () => {
    const outcomes = await mapInWorkers<number, number>(module, 'picky', [1, 2, 3, 4], {
      threads: 2,
      nameOf: (item) => `item ${item}`,
    });
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, false, true]);
    expect(outcomes[2]).toMatchObject({
      error: { subject: 'item 3', sentence: expect.stringContaining('three is not liked') },
    });
  });

  test('a thread that dies fails the item it held, and the rest is done by another', async () => {
    const outcomes = await mapInWorkers<number, number>(module, 'fatal', [1, 2, 3, 4, 5], { threads: 1 });
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, true, true, true]);
    expect(outcomes[1]).toMatchObject({ error: { code: 'worker-died' } });
  });

  test.each([
    ['thread', {}],
    ['process', { processes: { megabytes: 64 } }],
  ])(
    'a %s that hangs is ended, and fails that item alone',
    async (_, kind) => {
      // Of a thread nothing tells how long it worked: the limit is what a busy machine needs for next to nothing.
      const options = { threads: 1, timeLimit: () => 4000, ...kind };
      const hung = await mapInWorkers<number, number>(module, 'stuck', [1, 2, 3], options);
      expect(hung.map(({ ok }) => ok)).toEqual([true, false, true]);
      expect(hung[1]).toMatchObject({ error: { code: 'took-too-long', found: 'no answer within 4 s' } });
    },
    60_000,
  );

  test('a process that fills its memory, or crashes, harms nobody else', async () => {
    const processes = { megabytes: 64 };
    const filled = await mapInWorkers<number, number>(module, 'greedy', [1, 2, 3], { threads: 1, processes });
    expect(filled.map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(filled[1]).toMatchObject({ error: { code: 'out-of-memory' } });
    const crashed = await mapInWorkers<number, number>(module, 'fatal', [1, 2, 3], { threads: 1, processes });
    expect(crashed.map(({ ok }) => ok)).toEqual([true, false, true]);
  });

  test('items may be given ahead: each is worked once, and only the one that crashes, fills the memory or hangs fails', async () => {
    const items = Array.from({ length: 60 }, (_, i) => i);
    const options = { threads: 2, ahead: 7, processes: { megabytes: 64, items: 25 }, timeLimit: () => 1000 };
    const twice = await mapInWorkers<number, number>(module, 'twice', items, options);
    expect(twice).toEqual(items.map((item) => ({ ok: true, value: 2 * item })));
    const codes = { fatal: 'worker-died', greedy: 'out-of-memory', stuck: 'took-too-long' };
    for (const [name, code] of Object.entries(codes)) {
      const outcomes = await mapInWorkers<number, number>(module, name, items, {
        ...options,
        timeLimit: () => (name === 'stuck' ? 1000 : 30_000),
      });
      expect(outcomes.flatMap(({ ok }, i) => (ok ? [] : [i]))).toEqual([2]);
      expect(outcomes[2]).toMatchObject({ error: { code } });
    }
  }, 120_000);

  test('cancelling ends the threads at once, even busy ones', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 200);
    await expect(
      mapInWorkers(module, 'endless', [1, 2, 3], { threads: 2, signal: stop.signal, what: 'Waiting' }),
    ).rejects.toMatchObject({
      code: 'cancelled',
      sentence: 'Waiting was cancelled.',
    });
    await expect(mapInWorkers(module, 'twice', [1], { signal: stop.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  test('a module or function that does not exist fails every item, in words', async () => {
    const missing = await mapInWorkers(module, 'nothing', [1, 2], { threads: 1 });
    expect(
      missing.every((outcome) => !outcome.ok && outcome.error.message.includes('exports no function nothing')),
    ).toBe(true);
    const absent = await mapInWorkers(join(folder, 'absent.mjs'), 'x', [1], { threads: 1 });
    expect(absent[0]!.ok).toBe(false);
  });

  test('no items are no work', async () => {
    expect(await mapInWorkers(module, 'twice', [])).toEqual([]);
  });
});
