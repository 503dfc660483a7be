import { readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPartialFile } from '../../main/formats/atomic-file.ts';
import { NPY_DTYPES } from '../../main/formats/npy/dtype.ts';
import { NpyWriter, openNpy, readNpy, readNpyAs, writeNpy } from '../../main/formats/npy.ts';
import type { NpyData, NpyDtype } from '../../main/formats/npy.ts';
import { IsochromatError } from '../../main/domain/errors.ts';
import { dataFile, describeWithData, referenceFile } from '../data.ts';
import { temporaryFolder } from './temporary.ts';

const file = temporaryFolder();

/** A file as numpy writes it: magic, version, header length, dictionary, elements. */
function npyBytes(dictionary: string, elements: Uint8Array, version = 1): Buffer {
  const text = Buffer.from(`${dictionary}\n`, version === 3 ? 'utf8' : 'latin1');
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  if (version === 1) length.writeUInt16LE(text.length);
  else length.writeUInt32LE(text.length);
  return Buffer.concat([Buffer.from('\x93NUMPY', 'latin1'), Buffer.from([version, 0]), length, text, elements]);
}

function dictionary(descr: string, shape: string, fortran = 'False'): string {
  return `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;
}

describe('a numpy array file', () => {
  it('comes back as it was written, whatever its type and shape', async () => {
    const dtypes = Object.keys(NPY_DTYPES) as NpyDtype[];
    const arrays = fc
      .record({ dtype: fc.constantFrom(...dtypes), shape: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }) })
      .chain(({ dtype, shape }) => {
        const bytes = shape.reduce((product, n) => product * n, 1) * NPY_DTYPES[dtype].bytes;
        return fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((raw) => {
          const data = new NPY_DTYPES[dtype].array(raw.slice().buffer) as NpyData;
          return { dtype, shape, data };
        });
      });
    await fc.assert(
      fc.asyncProperty(arrays, async (array) => {
        await writeNpy(file('any.npy'), array);
        expect(await readNpy(file('any.npy'))).toEqual(array);
      }),
      { numRuns: 100 },
    );
  });

  it('is byte for byte what numpy writes', async () => {
    await writeNpy(file('same.npy'), { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) });
    const padded = dictionary('<f4', '(2, 2)').padEnd(128 - 11);
    expect(await readFile(file('same.npy'))).toEqual(
      npyBytes(padded, new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer)),
    );
  });

  it('is read in versions 2 and 3, big-endian and columns first', async () => {
    const bytes = Buffer.from(Float32Array.of(1, 2, 3, 4, 5, 6).buffer);
    await writeFile(file('v2.npy'), npyBytes(dictionary('<f4', '(6,)'), bytes, 2));
    await writeFile(file('v3.npy'), npyBytes(dictionary('>f4', '(2, 3)'), Buffer.from(bytes).swap32(), 3));
    await writeFile(file('columns.npy'), npyBytes(dictionary('<f4', '(2, 3)', 'True'), bytes));
    expect((await readNpy(file('v2.npy'))).data).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
    expect((await readNpy(file('v3.npy'))).data).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
    // numpy: array([1..6]).reshape(2, 3, order='F') is [[1, 3, 5], [2, 4, 6]].
    expect((await readNpy(file('columns.npy'))).data).toEqual(Float32Array.of(1, 3, 5, 2, 4, 6));
  });

  it('keeps a complex number together when it was stored columns first', async () => {
    const bytes = Buffer.from(Float32Array.of(1, -1, 2, -2, 3, -3, 4, -4).buffer);
    await writeFile(file('complex-columns.npy'), npyBytes(dictionary('<c8', '(2, 2)', 'True'), bytes));
    const { data } = await readNpyAs(file('complex-columns.npy'), 'complex64');
    expect(data).toEqual(Float32Array.of(1, -1, 3, -3, 2, -2, 4, -4));
  });

  it('can be read by rows without the rest', async () => {
    await writeNpy(file('rows.npy'), {
      shape: [4, 1, 2],
      dtype: 'complex64',
      data: Float32Array.from({ length: 16 }, (_, i) => i),
    });
    const reader = await openNpy(file('rows.npy'));
    expect([reader.shape, reader.dtype]).toEqual([[4, 1, 2], 'complex64']);
    expect(await reader.read(1, 2)).toEqual({
      shape: [2, 1, 2],
      dtype: 'complex64',
      data: Float32Array.from({ length: 8 }, (_, i) => 4 + i),
    });
    await expect(reader.read(3, 2)).rejects.toMatchObject({ code: 'npy-rows-out-of-range' });
    await reader.close();
  });

  it('can be written row by row and is invisible until closed', async () => {
    const writer = await NpyWriter.create(file('grown.npy'), { dtype: 'float32', rowShape: [2] });
    await writer.append(Float32Array.of(1, 2));
    await writer.append(Float32Array.of(3, 4, 5, 6));
    await expect(writer.append(Float32Array.of(7))).rejects.toMatchObject({ code: 'npy-shape' });
    await expect(readNpy(file('grown.npy'))).rejects.toMatchObject({ code: 'file-not-found' });
    await writer.close();
    expect(await readNpy(file('grown.npy'))).toEqual({
      shape: [3, 2],
      dtype: 'float32',
      data: Float32Array.of(1, 2, 3, 4, 5, 6),
    });
  });

  it('leaves nothing behind when it is given up', async () => {
    const writer = await NpyWriter.create(file('given-up.npy'), { dtype: 'float32', rowShape: [2] });
    await writer.append(Float32Array.of(1, 2));
    const during = await readdir(dirname(file('x')));
    await writer.abort();
    const after = await readdir(dirname(file('x')));
    expect([during.filter(isPartialFile).length, after.filter(isPartialFile).length]).toEqual([1, 0]);
  });

  it('says where it cannot be written', async () => {
    const array = { shape: [1], data: Float32Array.of(1) };
    await expect(writeNpy(file('no/such/folder.npy'), array)).rejects.toMatchObject({ code: 'write-failed' });
    await expect(writeNpy(file('wrong.npy'), { ...array, shape: [2] })).rejects.toMatchObject({ code: 'npy-shape' });
  });
});

describe('a file that only claims to be a numpy array', () => {
  const four = new Uint8Array(16);
  it.each([
    ['empty', Buffer.alloc(0), 'npy-not-npy'],
    ['text', Buffer.from('hello, this is text'), 'npy-not-npy'],
    ['only a magic number', Buffer.from('\x93NUMPY', 'latin1'), 'npy-truncated'],
    ['a future version', npyBytes(dictionary('<f4', '(4,)'), four, 4), 'npy-version'],
    ['a header of 4 GB', Buffer.from('\x93NUMPY\x02\x00\xff\xff\xff\xff{}', 'latin1'), 'npy-header-too-long'],
    ['a header cut short', npyBytes(dictionary('<f4', '(4,)'), four).subarray(0, 40), 'npy-header'],
    ['elements cut short', npyBytes(dictionary('<f4', '(4,)'), four.subarray(3)), 'npy-truncated'],
    ['elements left over', npyBytes(dictionary('<f4', '(3,)'), four), 'npy-trailing-bytes'],
    ['an absurd size', npyBytes(dictionary('<f4', '(4611686018427387904, 4)'), four), 'npy-header'],
    ['a huge size', npyBytes(dictionary('<f4', '(900719925474099, 4)'), four), 'npy-truncated'],
    ['a negative size', npyBytes(dictionary('<f4', '(-4,)'), four), 'npy-header'],
    ['Python objects', npyBytes(dictionary('|O', '(2,)'), four), 'npy-dtype'],
    ['records', npyBytes("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (4,), }", four), 'npy-dtype'],
  ])('is refused: %s', async (_, bytes, code) => {
    await writeFile(file('bad.npy'), bytes);
    await expect(readNpy(file('bad.npy'))).rejects.toMatchObject({ code, subject: file('bad.npy') });
  });

  it('is read or refused, never worse, when a byte of it changes', async () => {
    const good = npyBytes(dictionary('<f4', '(2, 2)'), four);
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), async (at, value, end) => {
        const bytes = Buffer.from(good.subarray(0, end));
        if (at < end) bytes[at] = value;
        await writeFile(file('mutant.npy'), bytes);
        await readNpy(file('mutant.npy')).catch((thrown) => expect(thrown).toBeInstanceOf(IsochromatError));
      }),
      { numRuns: 300 },
    );
  });

  it('is refused by rows when it is stored columns first', async () => {
    await writeFile(file('columns.npy'), npyBytes(dictionary('<f4', '(2, 2)', 'True'), four));
    await expect(openNpy(file('columns.npy'))).rejects.toMatchObject({ code: 'npy-fortran-order' });
  });
});

it('reads what numpy wrote', async () => {
  const array = await readNpy(referenceFile('conv3x3__kernel.npy'));
  expect(array.dtype).toBe('float32');
  expect(array.data.length).toBe(array.shape.reduce((product, n) => product * n, 1));
});

describeWithData('k-space saved by numpy', () => {
  it('is read as interleaved complex64 of coils, rows and columns', async () => {
    const { shape, data } = await readNpyAs(
      dataFile('kspace', 'brainA_8coil_fully_sampled', 'kspace.npy'),
      'complex64',
    );
    expect(shape).toEqual([8, 230, 180]);
    // max |k| = 1872, the documented maximum of this acquisition.
    let largest = 0;
    for (let i = 0; i < data.length; i += 2) largest = Math.max(largest, Math.hypot(data[i]!, data[i + 1]!));
    expect(Math.round(largest)).toBe(1872);
  });
});
