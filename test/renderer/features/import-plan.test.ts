import { describe, expect, it } from 'vitest';
import type { FoundVolume } from '../../../main/server/contract.ts';
import { mergedIdentities } from '../../../renderer/features/import/identities.ts';
import {
  allTaken,
  chosen,
  coilBytes,
  decided,
  proposed,
  remainingAre,
  without,
} from '../../../renderer/features/import/plan.ts';

const volume = (key: string, part: Partial<FoundVolume>): FoundVolume => ({
  key,
  format: 'dicom',
  sequence: 'AXT1',
  sequenceConfidence: 'certain',
  sequenceReason: '',
  components: ['magnitude', 'phase'],
  pairing: '',
  hasPhase: true,
  slices: 2,
  rows: 4,
  columns: 4,
  coils: null,
  coilBytes: null,
  fileCount: 4,
  name: key,
  place: [],
  scanner: null,
  echoTimes: [],
  repetitionTimes: [],
  inversionTimes: [],
  pixelSpacing: null,
  phaseUnits: null,
  burnedInAnnotation: false,
  notes: [],
  ...part,
});
const found = [volume('a', {}), volume('b', { sequence: null }), volume('c', {})];

describe('the plan of an import', () => {
  it('proposes what has a sequence', () => {
    expect(chosen(found, proposed(found))).toEqual([{ key: 'a' }, { key: 'c' }]);
  });

  it('takes a volume in when its sequence is chosen, and says which one', () => {
    const plan = decided(proposed(found), 'b', { sequence: 'AXT2' });
    expect(chosen(found, plan)).toEqual([{ key: 'a' }, { key: 'b', sequence: 'AXT2' }, { key: 'c' }]);
  });

  it('takes in all that had no sequence when one is chosen for them, and leaves the others as they were', () => {
    const plan = remainingAre('AXFLAIR', decided(proposed(found), 'c', { take: false }));
    expect(chosen(found, plan)).toEqual([{ key: 'a' }, { key: 'b', sequence: 'AXFLAIR' }]);
  });

  it('never takes a volume without a sequence', () => {
    expect(chosen(found, decided(proposed(found), 'b', { take: true })).map(({ key }) => key)).toEqual(['a', 'c']);
    expect(chosen(found, allTaken(found, proposed(found), true)).map(({ key }) => key)).toEqual(['a', 'c']);
    expect(chosen(found, allTaken(found, proposed(found), false))).toEqual([]);
  });

  it('leaves out what is in the study already, and remembers what was decided of it', () => {
    const plan = decided(proposed(found), 'b', { sequence: 'AXT2' });
    expect(chosen(found, without(plan, new Set(['a', 'b'])))).toEqual([{ key: 'c' }]);
    expect(chosen(found, without(plan, new Set()))).toHaveLength(3);
  });

  it('knows what the coils of the taken volumes need', () => {
    const scans = [volume('k', { coilBytes: 100, slices: 3 }), volume('l', { coilBytes: 10 }), volume('m', {})];
    expect(coilBytes(scans, proposed(scans))).toEqual({ middle: 110, all: 320 });
    expect(coilBytes(scans, decided(proposed(scans), 'k', { take: false }))).toEqual({ middle: 10, all: 20 });
    expect(coilBytes(found, proposed(found))).toBeUndefined();
  });

  it('shows each identity once, however many volumes are about it', () => {
    const of = (value: string) => ({
      attributes: [{ attribute: 'Patient ID', values: [{ value, becomes: 'hash' as const, volumes: 2 }] }],
      failed: [],
    });
    expect(mergedIdentities(mergedIdentities(of('P1'), of('P2')), of('P1')).attributes).toEqual([
      {
        attribute: 'Patient ID',
        values: [
          { value: 'P1', becomes: 'hash', volumes: 4 },
          { value: 'P2', becomes: 'hash', volumes: 2 },
        ],
      },
    ]);
  });
});
