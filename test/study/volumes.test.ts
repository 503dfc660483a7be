import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createStudy, emptyTrash, readImage, readMask, trashContent, volumeTable } from '../../main/study/index.ts';
import { keyedHash, readIdentityKey } from '../../main/study/identity.ts';
import { base32, newId } from '../../main/study/ids.ts';
import { addVolume, facts, temporaryFolder, temporaryStudy } from './temporary-study.ts';

describe('the volumes of a study', () => {
  test('come back with their arrays, bit by bit, and are listed by what they are', async () => {
    const study = await temporaryStudy();
    const one = await addVolume(study, 'one', {
      sequence: 'AXT1',
      patient: 'p',
      facialSlices: [0, 0],
      info: { te: [1] },
    });
    const two = await addVolume(study, 'two', { purpose: 'external', tissueClass: null });
    expect(study.volumes.get(one.id)).toEqual(one);
    expect(one).toMatchObject({ name: 'one', facialSlices: [0, 0], info: { te: [1] } });
    expect(study.volumes.list({ sequence: 'AXT1' })).toEqual([one]);
    expect(study.volumes.list({ purpose: 'external' })).toEqual([two]);
    expect(study.volumes.list({ patient: 'p', tissueClass: 'normal' })).toEqual([]);
    const image = await readImage(study, one.id);
    expect([image.slices, image.rows, image.columns, image.data.length]).toEqual([2, 8, 6, 192]);
    expect(image.data[17]).toBe(Math.fround(17 / 96));
    expect(await readMask(study, one.id)).toEqual(new Uint8Array(96).fill(1));
    expect(volumeTable(study)).toEqual([
      { purpose: 'training', tissue: 'unlabeled', sequence: 'AXT1', volumes: 1, slices: 2 },
      { purpose: 'external', tissue: null, sequence: 'AXT2', volumes: 1, slices: 2 },
    ]);
  });

  test('are stored once: the same scan again is refused, and nothing is left of the attempt', async () => {
    const study = await temporaryStudy();
    const one = await addVolume(study, 'one');
    await expect(addVolume(study, 'one')).rejects.toMatchObject({ code: 'volume-exists' });
    expect(study.volumes.list()).toEqual([one]);
    expect(await addVolume(study, 'one', { sourceIndex: 1 })).toMatchObject({ sourceIndex: 1 });
  });

  test('have ids that follow from the scan, and another one when a removed scan comes again', async () => {
    const [study, other] = [await temporaryStudy(), await temporaryStudy()];
    const one = await addVolume(study, 'one');
    expect((await addVolume(other, 'one')).id).toBe(one.id);
    study.remove(one.id);
    const again = await addVolume(study, 'one');
    expect(again.id.startsWith(`${one.id}-`)).toBe(true);
    expect(study.volumes.list()).toEqual([again]);
    expect(existsSync(join(study.folder, 'trash', `volumes-${one.id}`, 'image.npy'))).toBe(true);
    expect(trashContent(study).entries).toBe(1);
    expect(emptyTrash(study).entries).toBe(1);
    expect(trashContent(study)).toEqual({ entries: 0, bytes: 0 });
  });

  test('can be corrected, within reason', async () => {
    const study = await temporaryStudy();
    const { id } = await addVolume(study, 'one');
    study.volumes.setSequence(id, 'AXFLAIR');
    study.volumes.setFacialSlices(id, [0, 1]);
    study.volumes.setClass(id, null, 'Set by the user.');
    expect(study.volumes.get(id)).toMatchObject({
      sequence: 'AXFLAIR',
      sequenceSource: 'user',
      facialSlices: [0, 1],
      tissueClass: null,
    });
    expect(() => study.volumes.setFacialSlices(id, [1, 2])).toThrow(expect.objectContaining({ code: 'slice-range' }));
    expect(() => study.volumes.setSequence('nobody', 'AXT1')).toThrow(
      expect.objectContaining({ code: 'no-such-item' }),
    );
  });
});

describe('ids', () => {
  test('are short, readable, and drawn again when taken', async () => {
    const draws = [Buffer.alloc(5), Buffer.from([255, 255, 255, 255, 255])];
    const surroundings = { now: () => new Date(0), randomBytes: () => draws.shift()! };
    expect(newId('flow', surroundings, (id) => id === 'flow-00000000')).toBe('flow-zzzzzzzz');
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 5, maxLength: 5 }), (bytes) => {
        expect(base32(bytes, 8)).toMatch(/^[0-9a-hjkmnp-tv-z]{8}$/);
        const back = [...base32(bytes, 8)].map((letter) => '0123456789abcdefghjkmnpqrstvwxyz'.indexOf(letter));
        const bits = back.map((value) => value.toString(2).padStart(5, '0')).join('');
        expect([...bytes].map((value) => value.toString(2).padStart(8, '0')).join('')).toBe(bits);
      }),
    );
    const study = await createStudy(join(temporaryFolder(), 's'), {
      name: 'x',
      surroundings: { now: () => new Date(Date.UTC(2024, 1, 29)), randomBytes: (n) => Buffer.alloc(n, 3) },
    });
    expect([study.id, study.created]).toEqual(['study-0c1g60r3', '2024-02-29T00:00:00.000Z']);
    study.close();
  });
});

describe('hidden identities', () => {
  test('are the same for the same key, and mean nothing without it', () => {
    const key = Buffer.alloc(32, 1);
    const hash = keyedHash(key, 'patient', 'Anna Mueller');
    expect(hash).toMatch(/^[0-9a-z]{16}$/);
    expect(keyedHash(key, 'patient', 'Anna Mueller')).toBe(hash);
    expect(keyedHash(key, 'file', 'Anna Mueller')).not.toBe(hash);
    expect(keyedHash(Buffer.alloc(32, 2), 'patient', 'Anna Mueller')).not.toBe(hash);
  });

  test('rest on a key that is made once, outside of studies, for this user alone', () => {
    const file = join(temporaryFolder(), 'settings', 'identity.key');
    const key = readIdentityKey(file);
    expect(key).toHaveLength(32);
    expect(readIdentityKey(file)).toEqual(key);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o077).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
    writeFileSync(file, 'spoilt');
    expect(() => readIdentityKey(file)).toThrow(expect.objectContaining({ code: 'identity-key' }));
  });

  test('are what a study keeps of names', async () => {
    const study = await temporaryStudy();
    expect(study.hideIdentity('file', 'a')).toBe(study.hideIdentity('file', 'a'));
    expect(facts('x').sourceKey).not.toContain('x');
  });
});
