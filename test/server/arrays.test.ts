import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readNpyAs } from '../../main/formats/npy.ts';
import { fft2c } from '../../main/recon/fft.ts';
import { openStudy, readImage, readMask } from '../../main/study/index.ts';
import type { Study, Volume } from '../../main/study/index.ts';
import { complexPieces } from '../../main/server/arrays/complex-pieces.ts';
import { ArrayCache } from '../../main/server/arrays/array-cache.ts';
import { Gate } from '../../main/server/arrays/gate.ts';
import { LentMemory } from '../../main/server/arrays/lent-memory.ts';
import { displayCopy, partOf } from '../../main/server/arrays/parts.ts';
import { EngineProcess } from './engine-process.ts';
import type { Answer } from './engine-process.ts';
import { phantomStudy } from './phantom-study.ts';
import type { PhantomStudy } from './phantom-study.ts';

let engine: EngineProcess;
let phantom: PhantomStudy;
let study: Study;
let volume: Volume;
let image: Float32Array;
let pixels: number;

beforeAll(async () => {
  phantom = await phantomStudy();
  engine = await EngineProcess.start('desktop', { arguments: ['--study', phantom.study] });
  study = await openStudy(phantom.study, { readOnly: true });
  volume = study.volumes.list()[0]!;
  image = (await readImage(study, volume.id)).data;
  pixels = volume.rows * volume.columns;
});
afterAll(async () => {
  study.close();
  await engine.stop();
  phantom.remove();
});

test('memory for what is sent is kept, up to a number of pieces', () => {
  const lent = new LentMemory(8, 1);
  const [one, other, large] = [lent.take(8), lent.take(3), lent.take(9)];
  expect([one, other, large].map(({ length }) => length)).toEqual([8, 8, 9]);
  expect(other).not.toBe(one);
  for (const piece of [large, one, other]) lent.give(piece);
  expect(lent.kept).toBe(1);
  expect(lent.take(1)).toBe(one);
});

describe('coils', () => {
  const path = (array: string, slice: number, coil: number, query = ''): string =>
    `/arrays/volumes/${volume.id}/${array}/${slice}/${coil}${query}`;

  test('come one by one as they are on disk, and are the same for ever', async () => {
    for (const array of ['coils', 'sensitivities']) {
      const file = study.layout.at(`volumes/${volume.id}/${array}.npy`);
      const { data } = await readNpyAs(file, 'complex64');
      const answer = await engine.ask(path(array, 1, 1));
      expect(answer).toMatchObject({
        status: 200,
        headers: { 'x-shape': `${volume.rows},${volume.columns}`, 'x-type': 'complex64' },
      });
      expect(floats(answer)).toEqual(data.subarray(2 * pixels, 4 * pixels));
      const again = await engine.ask(path(array, 1, 1), { headers: { 'if-none-match': answer.headers['etag']! } });
      expect(again.status).toBe(304);
      const phase = floats(await engine.ask(path(array, 1, 0, '?part=phase')));
      expect(phase).toEqual(partOf('phase', data.subarray(0, 2 * pixels)));
    }
  });

  test('that are not there are refused with the slices that are', async () => {
    expect(await engine.ask(path('coils', 0, 0))).toMatchObject({ status: 400 });
    expect((await engine.ask(path('coils', 0, 0))).body.toString()).toContain('slice 1');
    expect((await engine.ask(path('coils', 1, 2))).body.toString()).toContain('coil-out-of-range');
    expect(await engine.ask(path('coils', 1, -1))).toMatchObject({ status: 400 });
  });
});

describe('slices', () => {
  test('come as they are on disk, with shape and type', async () => {
    const answer = await engine.ask(`/arrays/volumes/${volume.id}/slices/1`);
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'x-shape': `1,${volume.rows},${volume.columns}`, 'x-type': 'complex64' },
    });
    expect(floats(answer)).toEqual(image.subarray(2 * pixels, 4 * pixels));
  });

  test('come in every part, as the definition says', async () => {
    const slice = image.subarray(0, 2 * pixels);
    const expected = {
      magnitude: (re: number, im: number) => Math.hypot(re, im),
      phase: (re: number, im: number) => Math.atan2(im, re),
      real: (re: number) => re,
      imaginary: (_: number, im: number) => im,
    };
    for (const [part, of] of Object.entries(expected)) {
      const answer = await engine.ask(`/arrays/volumes/${volume.id}/slices/0?part=${part}`);
      const values = floats(answer);
      expect(answer.headers).toMatchObject({ 'x-type': 'float32' });
      for (let i = 0; i < pixels; i += 97) expect(values[i]).toBeCloseTo(of(slice[2 * i]!, slice[2 * i + 1]!), 5);
    }
  });

  test('come as int16 copies that are right to half a step', async () => {
    for (const part of ['magnitude', 'phase', 'real'] as const) {
      const answer = await engine.ask(`/arrays/volumes/${volume.id}/slices/2?part=${part}&as=int16`);
      const exact = partOf(part, image.subarray(4 * pixels, 6 * pixels));
      const scale = Number(answer.headers['x-scale']);
      const stored = new Int16Array(copyOf(answer));
      let worst = 0;
      for (let i = 0; i < pixels; i++) worst = Math.max(worst, Math.abs(stored[i]! * scale - exact[i]!));
      expect(answer.headers).toMatchObject({ 'x-type': 'int16', 'x-offset': '0' });
      expect(worst).toBeLessThanOrEqual(0.5001 * scale);
    }
  });

  test('come in ranges that are the slices one after another', async () => {
    const last = volume.slices - 1;
    const range = await engine.ask(`/arrays/volumes/${volume.id}/slices/0-${last}?part=complex`);
    expect(range.headers).toMatchObject({
      'x-shape': `${volume.slices},${volume.rows},${volume.columns}`,
      'content-length': String(image.byteLength),
    });
    expect(floats(range)).toEqual(image);
    const copies = await engine.ask(`/arrays/volumes/${volume.id}/slices/0-${last}?part=phase&as=int16`);
    expect(copies.body.length).toBe(2 * volume.slices * pixels);
  });

  test('are read a few at a time into the same memory, however long the range', async () => {
    const { rows, columns } = volume;
    const memory = new Uint8Array(2.5 * 8 * pixels);
    const range = { first: 0, last: volume.slices - 1, gate: new Gate(1), memory };
    const pieces: Buffer[] = [];
    for await (const piece of complexPieces(study, volume.id, { rows, columns }, range)) {
      expect(piece.buffer).toBe(memory.buffer);
      pieces.push(Buffer.from(piece));
    }
    expect(pieces.length).toBe(Math.ceil(volume.slices / 2));
    expect(pieces[0]!.byteLength).toBe(2 * 8 * pixels);
    expect(Buffer.concat(pieces).equals(Buffer.from(image.buffer, image.byteOffset, image.byteLength))).toBe(true);
  });

  test('come whole to many who ask at once, and when others have left in the midst', async () => {
    const last = volume.slices - 1;
    const path = `/arrays/volumes/${volume.id}/slices/0-${last}?part=complex`;
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, i) => (i % 3 === 0 ? leftInTheMidst(path) : engine.ask(path))),
    );
    for (const answer of answers) if (answer !== null) expect(floats(answer)).toEqual(image);
    expect(floats(await engine.ask(path))).toEqual(image);
  });

  test('come as masks', async () => {
    const answer = await engine.ask(`/arrays/volumes/${volume.id}/slices/1?part=mask`);
    expect(answer.headers['x-type']).toBe('uint8');
    const mask = await readMask(study, volume.id);
    expect(new Uint8Array(answer.body)).toEqual(mask.subarray(pixels, 2 * pixels));
  });

  test('that are not there are refused in words', async () => {
    for (const slices of ['99', '2-1', '0-99', '-1', '0-', 'x', '1e3', '0-1-2', '%2e%2e']) {
      const { status, body } = await engine.ask(`/arrays/volumes/${volume.id}/slices/${slices}`);
      expect([slices, status, typeof JSON.parse(body.toString()).sentence]).toEqual([slices, 400, 'string']);
    }
    expect((await engine.ask(`/arrays/volumes/${volume.id}/slices/0?part=everything`)).status).toBe(400);
    expect((await engine.ask(`/arrays/volumes/${volume.id}/slices/0?other=1`)).status).toBe(400);
    expect((await engine.ask('/arrays/volumes/axt1-00000000/slices/0')).status).toBe(404);
    for (const id of ['..%2f..', '%2e%2e', 'a%00', "a'--"]) {
      expect((await engine.ask(`/arrays/volumes/${id}/slices/0`)).status).toBe(400);
    }
  });

  test('are not sent again to who has them', async () => {
    const path = `/arrays/volumes/${volume.id}/slices/0-1?part=magnitude&as=int16`;
    const { headers } = await engine.ask(path);
    expect(headers['cache-control']).toBe('private, max-age=31536000, immutable');
    const again = await engine.ask(path, { headers: { 'if-none-match': headers.etag! } });
    expect(again).toMatchObject({ status: 304, body: Buffer.alloc(0) });
    const other = await engine.ask(path.replace('0-1', '1-2'), { headers: { 'if-none-match': headers.etag! } });
    expect(other.status).toBe(200);
  });
});

test('a volume in the trash has no arrays, however often they were asked for, until it is back', async () => {
  const unused = study.volumes.list().at(-1)!.id;
  const set = study.patchSets.latest()!.id;
  const ask = async (): Promise<number> => (await engine.ask(`/arrays/volumes/${unused}/thumbnail`)).status;
  expect([await ask(), await ask()]).toEqual([200, 200]);
  await engine.mutate('volumes.remove', { ids: [set] });
  await engine.mutate('volumes.remove', { ids: [unused] });
  expect(await ask()).toBe(404);
  await engine.mutate('volumes.restore', { ids: [unused] });
  await engine.mutate('volumes.restore', { ids: [set] });
  expect(await ask()).toBe(200);
});

test('thumbnails are small pictures of the middle slice', async () => {
  for (const part of ['magnitude', 'phase']) {
    const answer = await engine.ask(`/arrays/volumes/${volume.id}/thumbnail?part=${part}&size=64`);
    expect(answer.headers).toMatchObject({ 'x-shape': '64,64', 'x-type': 'uint8' });
    expect(Math.max(...answer.body)).toBeGreaterThan(200);
  }
  expect((await engine.ask(`/arrays/volumes/${volume.id}/thumbnail?size=100000`)).status).toBe(400);
});

test('k-space is the centred transform in decibels', async () => {
  const values = floats(await engine.ask(`/arrays/volumes/${volume.id}/kspace/1`));
  const shape = [volume.rows, volume.columns];
  const { data } = fft2c({ shape, data: image.slice(2 * pixels, 4 * pixels) });
  const sizes = Array.from({ length: pixels }, (_, i) => Math.hypot(data[2 * i]!, data[2 * i + 1]!));
  const largest = sizes.reduce((a, b) => Math.max(a, b));
  for (let i = 0; i < pixels; i += 101) {
    expect(values[i]).toBeCloseTo(Math.max(-120, 20 * Math.log10(sizes[i]! / largest)), 2);
  }
  expect(values.reduce((a, b) => Math.max(a, b))).toBe(0);
});

test('patches come as they are stored, fewer at the end', async () => {
  const set = study.patchSets.latest()!;
  const { data, shape } = await readNpyAs(study.patchSets.file(set.id, 'train'), 'float32');
  const size = 2 * set.size ** 2;
  const path = `/arrays/patch-sets/${set.id}/patches?split=train`;
  const some = await engine.ask(`${path}&from=3&count=5`);
  expect(some.headers['x-shape']).toBe(`5,2,${set.size},${set.size}`);
  expect(floats(some)).toEqual(data.subarray(3 * size, 8 * size));
  const end = await engine.ask(`${path}&from=${shape[0]! - 2}&count=64`);
  expect(end.headers['x-shape']).toBe(`2,2,${set.size},${set.size}`);
  expect((await engine.ask(`${path}&from=${shape[0]! + 1}`)).status).toBe(400);
  expect((await engine.ask(`${path}&count=100000`)).status).toBe(400);
  expect((await engine.ask('/arrays/synthetic/synthetic-00000000/patches')).status).toBe(404);
});

describe('parts of the arrays', () => {
  test('a copy of values beyond 1 has a coarser step, and what is no number is 0', () => {
    const { data, scale } = displayCopy('real', Float32Array.of(-4, 2, NaN, 0));
    expect([...data]).toEqual([-32767, 16384, 0, 0]);
    expect(scale).toBeCloseTo(4 / 32767, 10);
  });

  test('the cache makes each once, keeps to its limit, and forgets what failed', async () => {
    const cache = new ArrayCache(100);
    let made = 0;
    const make = async () => (made++, { body: new Uint8Array(60), shape: [60], type: 'uint8' as const });
    await Promise.all([cache.get('a', make), cache.get('a', make)]);
    expect(made).toBe(1);
    await cache.get('b', make);
    expect(cache.size).toBe(60);
    await cache.get('a', make);
    expect(made).toBe(3);
    await expect(cache.get('c', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await cache.get('c', make);
    expect(made).toBe(4);
  });

  test('the gate lets so many in, in order, also after one has failed', async () => {
    const gate = new Gate(2);
    let inside = 0;
    let most = 0;
    const order: number[] = [];
    const work = (i: number) => async () => {
      order.push(i);
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 2));
      inside--;
      if (i === 1) throw new Error('one');
    };
    const results = await Promise.allSettled([0, 1, 2, 3, 4, 5].map((i) => gate.through(work(i))));
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect([most, order]).toEqual([2, [0, 1, 2, 3, 4, 5]]);
  });
});

function copyOf({ body }: Answer): ArrayBuffer {
  return new Uint8Array(body).buffer;
}

function floats(answer: Answer): Float32Array {
  return new Float32Array(copyOf(answer));
}

/** Asks, and goes away with the first bytes. */
function leftInTheMidst(path: string): Promise<null> {
  return new Promise((resolve) => {
    engine.open(path, {}, (reply) => {
      reply.once('data', () => {
        reply.destroy();
        resolve(null);
      });
      reply.on('error', () => {});
    });
  });
}
