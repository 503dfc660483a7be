import { readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IsochromatError } from '../../main/domain/errors.ts';
import { TENSOR_DTYPES } from '../../main/formats/safetensors/header.ts';
import { readSafetensors, readSafetensorsHeader, writeSafetensors } from '../../main/formats/safetensors.ts';
import type { SafeTensor, TensorDtype } from '../../main/formats/safetensors.ts';
import { temporaryFolder } from './temporary.ts';

const file = temporaryFolder();

function bytes(header: string | object, data = Buffer.alloc(0)): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, data]);
}

const tensor = fc
  .record({
    dtype: fc.constantFrom(...(Object.keys(TENSOR_DTYPES) as TensorDtype[])),
    shape: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }),
  })
  .chain(({ dtype, shape }) => {
    const length = shape.reduce((product, n) => product * n, TENSOR_DTYPES[dtype].BYTES_PER_ELEMENT);
    return fc.uint8Array({ minLength: length, maxLength: length }).map((raw): SafeTensor => {
      return { dtype, shape, data: new TENSOR_DTYPES[dtype](raw.slice().buffer) };
    });
  });
const name = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => text !== '__metadata__');

describe('a safetensors file', () => {
  it('comes back as it was written', async () => {
    const named = fc.uniqueArray(fc.tuple(name, tensor), { selector: ([key]) => key, maxLength: 6 });
    const metadata = fc.dictionary(fc.string({ maxLength: 8 }), fc.string({ maxLength: 20 }));
    await fc.assert(
      fc.asyncProperty(named, metadata, async (tensors, texts) => {
        await writeSafetensors(file('any.safetensors'), new Map(tensors), texts);
        const back = await readSafetensors(file('any.safetensors'));
        expect([...back.tensors].sort()).toEqual([...new Map(tensors)].sort());
        expect(Object.entries(back.metadata).sort()).toEqual(Object.entries(texts).sort());
      }),
      { numRuns: 100 },
    );
  });

  it('is the same file whatever the order of its tensors', async () => {
    const [a, b] = [
      { shape: [2], data: Float32Array.of(1, 2) },
      { shape: [1], data: Float64Array.of(3) },
    ];
    await writeSafetensors(file('one'), { a, b }, { step: '7' });
    await writeSafetensors(file('other'), { b, a }, { step: '7' });
    expect(await readFile(file('one'))).toEqual(await readFile(file('other')));
  });

  it('is aligned: every tensor begins at a multiple of its element size', async () => {
    await writeSafetensors(file('aligned'), {
      bytes: { shape: [3], data: Uint8Array.of(1, 2, 3) },
      doubles: { shape: [2], data: Float64Array.of(1, 2) },
    });
    const { entries, dataOffset } = await readSafetensorsHeader(file('aligned'));
    expect(entries.map((entry) => entry.name)).toEqual(['doubles', 'bytes']);
    expect((dataOffset + entries[0]!.begin) % 8).toBe(0);
  });

  it('can be read in part', async () => {
    await writeSafetensors(file('parts'), {
      'ema/w': { shape: [1], data: Float32Array.of(1) },
      'net/w': { shape: [1], data: Float32Array.of(2) },
    });
    const { tensors } = await readSafetensors(file('parts'), (key) => key.startsWith('ema/'));
    expect([...tensors.keys()]).toEqual(['ema/w']);
  });

  it('is read as the reference implementation writes it', async () => {
    // safetensors.numpy.save({'w': float32 [[1, 2], [3, 4]], 'n': int64 [5]}, {'format': 'pt'}), version 0.8.
    const reference =
      '9000000000000000' +
      Buffer.from(
        '{"__metadata__":{"format":"pt"},"n":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[2,2],"data_offsets":[8,24]}}'.padEnd(
          144,
        ),
      ).toString('hex') +
      '05000000000000000000803f000000400000404000008040';
    await writeFile(file('reference'), Buffer.from(reference, 'hex'));
    const { tensors, metadata } = await readSafetensors(file('reference'));
    expect(metadata).toEqual({ format: 'pt' });
    expect(tensors.get('w')).toEqual({ dtype: 'F32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) });
    expect(tensors.get('n')!.data).toEqual(BigInt64Array.of(5n));
  });

  it('is not written when shape and numbers do not fit', async () => {
    await expect(writeSafetensors(file('x'), { w: { shape: [3], data: Float32Array.of(1) } })).rejects.toMatchObject({
      code: 'safetensors-shape',
    });
  });
});

describe('a damaged safetensors file', () => {
  const w = (begin: number, end: number, shape = [2]): object => ({ dtype: 'F32', shape, data_offsets: [begin, end] });
  it.each([
    ['empty', Buffer.alloc(0), 'safetensors-header'],
    ['a header of exabytes', Buffer.from('ffffffffffffff7f7b7d0000', 'hex'), 'safetensors-header'],
    ['a header longer than the file', Buffer.from('ff000000000000007b7d0000', 'hex'), 'safetensors-header'],
    ['a header that is a list', bytes('[1, 2, 3]'), 'safetensors-header'],
    ['a header that is cut', bytes('{"w":'), 'safetensors-header'],
    ['numbers as metadata', bytes({ __metadata__: { step: 7 } }), 'safetensors-header'],
    ['a negative size', bytes({ w: w(0, 8, [-2]) }, Buffer.alloc(8)), 'safetensors-header'],
    [
      'an unknown type',
      bytes({ w: { dtype: 'Q4', shape: [2], data_offsets: [0, 8] } }, Buffer.alloc(8)),
      'safetensors-dtype',
    ],
    [
      'a type named like a built-in',
      bytes({ w: { dtype: 'constructor', shape: [2], data_offsets: [0, 8] } }),
      'safetensors-dtype',
    ],
    ['offsets out of the file', bytes({ w: w(0, 8) }), 'safetensors-truncated'],
    ['overlapping tensors', bytes({ a: w(0, 8), b: w(4, 12) }, Buffer.alloc(12)), 'safetensors-offsets'],
    ['the same place twice', bytes({ a: w(0, 8), b: w(0, 8) }, Buffer.alloc(8)), 'safetensors-offsets'],
    ['a gap', bytes({ a: w(0, 8), b: w(12, 20) }, Buffer.alloc(20)), 'safetensors-offsets'],
    ['a place of another size', bytes({ a: w(0, 12) }, Buffer.alloc(12)), 'safetensors-offsets'],
    [
      'a size beyond all memory',
      bytes({ a: w(0, 8, [4503599627370496, 1024]) }, Buffer.alloc(8)),
      'safetensors-offsets',
    ],
    ['bytes left over', bytes({ a: w(0, 8) }, Buffer.alloc(9)), 'safetensors-truncated'],
  ])('is refused: %s', async (_, content, code) => {
    await writeFile(file('bad'), content);
    await expect(readSafetensors(file('bad'))).rejects.toMatchObject({ code, subject: file('bad') });
  });

  it('is read or refused, never worse, when bytes of it change', async () => {
    const good = bytes({ __metadata__: { a: 'b' }, w: w(0, 8) }, Buffer.alloc(8));
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), async (at, value, end) => {
        const content = Buffer.from(good.subarray(0, end));
        if (at < end) content[at] = value;
        await writeFile(file('mutant'), content);
        await readSafetensors(file('mutant')).catch((thrown) => expect(thrown).toBeInstanceOf(IsochromatError));
      }),
      { numRuns: 300 },
    );
  });
});
