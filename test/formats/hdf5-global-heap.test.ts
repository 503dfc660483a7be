import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contradictionInGlobalHeap, globalHeapIn } from '../../main/formats/hdf5/global-heap.ts';
import { openIsmrmrd } from '../../main/formats/ismrmrd/index.ts';
import { temporaryFolder } from './temporary.ts';

const file = temporaryFolder();
const good = readFileSync(join(import.meta.dirname, 'ismrmrd', 'interleaved_partial_fourier.h5'));
/** Of its second heap, which holds readouts alone, and of the first object in it. */
const HEAP = good.indexOf('GCOL', good.indexOf('GCOL') + 1);
const OBJECT = HEAP + 16;

/** What is wrong with a heap of the file once some bytes are others. */
function contradiction(change: (bytes: Buffer) => void): string | undefined {
  const bytes = Buffer.from(good);
  change(bytes);
  return contradictionInGlobalHeap((into, from) => bytes.copy(into, 0, from), HEAP, bytes.length);
}

/** Makes the last object free space of so many bytes. */
function freeSpace(bytes: Buffer, stated: bigint): void {
  bytes.writeUInt16LE(0, OBJECT);
  bytes.writeBigUInt64LE(stated, OBJECT + 8);
}

describe('the global heap of an HDF5 file', () => {
  it('is found at the beginning of what is read, or in what is read ahead of a description', () => {
    expect(globalHeapIn(good.subarray(HEAP, HEAP + 4096))).toBe(0);
    expect(globalHeapIn(good.subarray(HEAP - 100, HEAP + 412))).toBe(100);
    expect(globalHeapIn(good.subarray(HEAP - 100, HEAP + 4000))).toBeUndefined();
  });

  it('is sound where its objects fill it', () => {
    expect(contradiction(() => {})).toBeUndefined();
    expect(contradiction((bytes) => freeSpace(bytes, 4080n))).toBeUndefined();
  });

  it('is refused where the library would stand still, or leave it', () => {
    expect(contradiction((bytes) => freeSpace(bytes, 0n))).toBe(`its free space at byte ${OBJECT} is said to be empty`);
    for (const stated of [4081n, 1n << 32n, (1n << 32n) - 16n, (1n << 64n) - 16n, (1n << 64n) - 1n]) {
      expect(contradiction((bytes) => freeSpace(bytes, stated))).toContain(
        `claims ${stated} bytes, where 4080 are left`,
      );
      expect(contradiction((bytes) => bytes.writeBigUInt64LE(stated, OBJECT + 8))).toContain(`claims ${stated} bytes`);
    }
  });

  it('is left to the library where it is none that it would enter', () => {
    expect(contradiction((bytes) => bytes.writeUInt8(9, HEAP + 4))).toBeUndefined();
    expect(contradiction((bytes) => bytes.writeBigUInt64LE(1n << 40n, HEAP + 8))).toBeUndefined();
    expect(contradictionInGlobalHeap(() => 0, HEAP, good.length)).toBeUndefined();
  });

  it('that is damaged has its file refused at once, and the next one is read', async () => {
    const bytes = Buffer.from(good);
    freeSpace(bytes, 0n);
    writeFileSync(file('endless.h5'), bytes);
    await expect(openIsmrmrd(file('endless.h5'))).rejects.toMatchObject({
      code: 'hdf5-damaged',
      found: `the global heap at byte ${HEAP}: its free space at byte ${OBJECT} is said to be empty`,
    });
    writeFileSync(file('sound.h5'), good);
    const sound = await openIsmrmrd(file('sound.h5'));
    expect(sound.volumes).toHaveLength(1);
    sound.close();
  });
});
