import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { IsochromatError } from '../../domain/errors.ts';
import { SPLITS } from '../../domain/tissue.ts';
import { coilArrayFacts, volumeArrayFacts } from '../../study/index.ts';
import type { EngineState } from '../engine-state.ts';
import { finishedScan, scannedVolume } from '../scans.ts';
import { itemId } from '../item-id.ts';
import { ArrayCache } from './array-cache.ts';
import type { SentArray } from './array-cache.ts';
import { sendPieces } from '../http/send-pieces.ts';
import { Gate } from './gate.ts';
import { LentMemory } from './lent-memory.ts';
import { PARTS } from './parts.ts';
import { ScanPreviews } from './scan-previews.ts';
import { complexPieces } from './complex-pieces.ts';
import { thumbnail } from './thumbnail.ts';
import { readMiddleSlice } from './volume-slices.ts';
import { coilArray, kspaceArray, patchArray, sliceArray, syntheticArray, thumbnailArray } from './sources.ts';

/** Bytes that are read and sent at a time: memory holds one such piece of a range of any length, or one slice where that is larger. */
const PIECE = 2 ** 20;
/** Bytes of arrays that are kept to be sent again. */
const CACHED = 96 * 2 ** 20;
/** Arrays that are made at a time: what bounds memory, whatever is asked for. */
const AT_A_TIME = 8;
/** Side of the picture that stands for a study. */
const RECENT_PIXELS = 96;
/** A patch has some 70 kB. */
const MOST_PATCHES = 256;
/** One answer holds no more than this many slices; a longer scroll asks twice. */
const MOST_SLICES = 512;

const whole = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number);
const SLICES = z.string().regex(/^\d{1,6}(-\d{1,6})?$/);
const SLICE_QUERY = z.strictObject({
  part: z.enum([...PARTS, 'mask']).default('complex'),
  as: z.enum(['native', 'int16']).default('native'),
});
const COIL_QUERY = z.strictObject({
  part: z.enum(PARTS).default('complex'),
  as: z.enum(['native', 'int16']).default('native'),
});
const THUMBNAIL_QUERY = z.strictObject({
  part: z.enum(['magnitude', 'phase']).default('magnitude'),
  /** The middle one where none is named. */
  slice: whole.optional(),
  size: whole.pipe(z.number().min(8).max(512)).default(96),
});
const page = { from: whole.default(0), count: whole.pipe(z.number().min(1).max(MOST_PATCHES)).default(64) };
// Made once: making a schema costs more than all else of a request whose array is at hand.
const ITEM = z.object({ id: itemId });
const ITEM_SLICES = z.object({ id: itemId, slices: SLICES });
const ITEM_SLICE = z.object({ id: itemId, slice: whole });
const PATCHES_QUERY = z.strictObject({ split: z.enum(SPLITS), ...page });
const SYNTHETIC_QUERY = z.strictObject(page);

/** `/arrays/*`: pixels, as raw little-endian samples with their shape and type in headers. */
export function arrayRoutes(app: FastifyInstance, engine: EngineState): void {
  const cache = new ArrayCache(CACHED);
  const gate = new Gate(AT_A_TIME);
  const pieces = new LentMemory(PIECE, AT_A_TIME);
  const previews = new ScanPreviews();

  /** Sends an array of an item, or says that the client has it already. */
  const send = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { sha256, what }: { sha256: string; what: string },
    make: () => Promise<SentArray>,
  ): Promise<FastifyReply> => {
    const etag = `"${sha256.slice(0, 32)}.${what}"`;
    headersOf(reply, etag);
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    const array = await cache.get(etag, () => gate.through(make));
    describe(reply, array);
    return reply.send(array.body);
  };

  app.get('/arrays/volumes/:id/slices/:slices', async (request, reply) => {
    const study = engine.requireStudy();
    const { id, slices } = ITEM_SLICES.parse(request.params);
    const { part, as } = SLICE_QUERY.parse(request.query);
    const facts = volumeArrayFacts(study, id);
    const [first, last] = rangeOf(slices, facts.slices);
    const one = (slice: number): Promise<SentArray> => {
      const key = `${facts.sha256} ${slice} ${part} ${as}`;
      return cache.get(key, () => gate.through(() => sliceArray(study, id, facts, slice, part, as)));
    };
    const what = `s${slices}-${part}-${as}`;
    const etag = `"${facts.sha256.slice(0, 32)}.${what}"`;
    headersOf(reply, etag);
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    const count = last - first + 1;
    if (part === 'complex' && as === 'native') {
      // What the viewer scrolls through, and keeps itself: as it lies on the disk.
      const memory = pieces.take(8 * facts.rows * facts.columns);
      try {
        const range = complexPieces(study, id, facts, { first, last, gate, memory });
        const { value: piece } = await range.next();
        describe(reply, { shape: [count, facts.rows, facts.columns], type: 'complex64' });
        void reply.header('content-length', count * facts.rows * facts.columns * 8);
        return await sendPieces(reply, piece!, range);
      } finally {
        pieces.give(memory);
      }
    }
    const array = await one(first);
    describe(reply, { ...array, shape: [count, ...array.shape] });
    if (count === 1) return reply.send(array.body);
    // One after the other, as fast as the client takes them: memory holds a slice or two of a range of any length. Their steps
    // of int16 differ only where a slice reaches beyond 1, and then the range is refused by the check below.
    void reply.header('content-length', count * array.body.byteLength);
    return reply.send(Readable.from(sameScale(array, first, last, one), { objectMode: false }));
  });

  app.get('/arrays/volumes/:id/thumbnail', async (request, reply) => {
    const study = engine.requireStudy();
    const { id } = ITEM.parse(request.params);
    const { part, size, slice: asked } = THUMBNAIL_QUERY.parse(request.query);
    const facts = volumeArrayFacts(study, id);
    const slice = asked ?? Math.floor(facts.slices / 2);
    rangeOf(String(slice), facts.slices);
    return send(request, reply, { ...facts, what: `t${slice}-${part}-${size}` }, () =>
      thumbnailArray(study, id, facts, { slice, part, size }),
    );
  });

  app.get('/arrays/recent/:key/picture', async (request, reply) => {
    const { key } = z.object({ key: z.string().max(40) }).parse(request.params);
    const middle = await gate.through(() => readMiddleSlice(engine.recent.pictureFile(key)));
    const { rows, columns, data } = thumbnail(middle.data, middle, 'magnitude', RECENT_PIXELS);
    describe(reply, { shape: [rows, columns], type: 'uint8' });
    return reply.send(data);
  });

  app.get('/arrays/scans/:task/:key/preview', async (request, reply) => {
    const { task, key } = z.object({ task: z.string().max(80), key: z.string().max(20) }).parse(request.params);
    const left = new AbortController();
    reply.raw.once('close', () => left.abort());
    const array = await previews.get(scannedVolume(finishedScan(engine, task), key), left.signal);
    // Of files that belong to nobody yet: no trace of them stays, not in the window's cache either.
    void reply.header('cache-control', 'no-store');
    describe(reply, array);
    return reply.send(array.body);
  });

  app.get('/arrays/volumes/:id/kspace/:slice', async (request, reply) => {
    const study = engine.requireStudy();
    const { id, slice } = ITEM_SLICE.parse(request.params);
    const facts = volumeArrayFacts(study, id);
    rangeOf(String(slice), facts.slices);
    return send(request, reply, { ...facts, what: `k${slice}` }, () => kspaceArray(study, id, facts, slice));
  });

  for (const array of ['coils', 'sensitivities'] as const) {
    app.get(`/arrays/volumes/:id/${array}/:slice/:coil`, async (request, reply) => {
      const study = engine.requireStudy();
      const { id, slice, coil } = z.object({ id: itemId, slice: whole, coil: whole }).parse(request.params);
      const { part, as } = COIL_QUERY.parse(request.query);
      const facts = coilArrayFacts(study, id);
      const position = placeAmong(facts, slice, coil);
      return send(request, reply, { ...facts, what: `${array}-${slice}-${coil}-${part}-${as}` }, () =>
        coilArray(study, id, array, facts, position, coil, part, as),
      );
    });
  }

  app.get('/arrays/patch-sets/:id/patches', async (request, reply) => {
    const study = engine.requireStudy();
    const { id } = ITEM.parse(request.params);
    const { split, from, count } = PATCHES_QUERY.parse(request.query);
    study.patchSets.get(id);
    return send(request, reply, { sha256: study.digest(id), what: `p-${split}-${from}-${count}` }, () =>
      patchArray(study, id, split, from, count),
    );
  });

  app.get('/arrays/synthetic/:id/patches', async (request, reply) => {
    const study = engine.requireStudy();
    const { id } = ITEM.parse(request.params);
    const { from, count } = SYNTHETIC_QUERY.parse(request.query);
    study.synthetic.get(id);
    return send(request, reply, { sha256: study.digest(id), what: `y-${from}-${count}` }, () =>
      syntheticArray(study, id, from, count),
    );
  });
}

/** Where an array of an item is the same for ever, since items never change. */
function headersOf(reply: FastifyReply, etag: string): void {
  void reply.header('etag', etag).header('cache-control', 'private, max-age=31536000, immutable');
}

function describe(reply: FastifyReply, { shape, type, scale, offset }: Omit<SentArray, 'body'>): void {
  void reply.header('content-type', 'application/octet-stream');
  void reply.header('x-shape', shape.join(',')).header('x-type', type);
  if (scale !== undefined) void reply.header('x-scale', String(scale)).header('x-offset', String(offset ?? 0));
}

/** @throws IsochromatError `slice-out-of-range` */
function rangeOf(text: string, slices: number): [number, number] {
  const [first = 0, last = first] = text.split('-').map(Number);
  if (first <= last && last < slices && last - first < MOST_SLICES) return [first, last];
  throw new IsochromatError({
    code: 'slice-out-of-range',
    sentence: 'These are not slices of the volume.',
    expected: `slices from 0 to ${slices - 1}, at most ${MOST_SLICES} at a time`,
    found: text,
  });
}

/** Which of the kept slices a slice is. @throws IsochromatError `coils-not-kept`, `coil-out-of-range` */
function placeAmong(
  { slices, coils }: { slices: readonly number[]; coils: number },
  slice: number,
  coil: number,
): number {
  const position = slices.indexOf(slice);
  if (position === -1) {
    throw new IsochromatError({
      code: 'coils-not-kept',
      sentence: 'No coil images are kept of this slice.',
      expected: `slice ${slices.join(', ')}, counted from 0`,
      found: String(slice),
    });
  }
  if (coil < coils) return position;
  throw new IsochromatError({
    code: 'coil-out-of-range',
    sentence: 'There are not so many coils.',
    expected: `a coil from 0 to ${coils - 1}`,
    found: String(coil),
  });
}

/** The slices of a range in turn, all by the step of the first: a slice that has another is brought to it. */
async function* sameScale(
  array: SentArray,
  first: number,
  last: number,
  one: (slice: number) => Promise<SentArray>,
): AsyncGenerator<Uint8Array> {
  yield array.body;
  for (let slice = first + 1; slice <= last; slice++) {
    const next = await one(slice);
    yield next.scale === array.scale ? next.body : rescaled(next, array.scale!);
  }
}

function rescaled({ body, scale }: SentArray, to: number): Uint8Array {
  const stored = new Int16Array(body.buffer, body.byteOffset, body.byteLength / 2);
  const out = Int16Array.from(stored, (value) => Math.max(-32767, Math.min(32767, Math.round((value * scale!) / to))));
  return new Uint8Array(out.buffer);
}
