import { describe, expect, it } from 'vitest';
import type { FoundVolume } from '../../../main/server/contract.ts';
import { allTaken, chosen, decided, identities, proposed } from '../../../renderer/features/import/plan.ts';

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
  identity: { patient: 'P1', name: key },
  ...part,
});
const found = [
  volume('a', {}),
  volume('b', { sequence: null }),
  volume('c', { identity: { patient: null, name: 'c' } }),
];

describe('the plan of an import', () => {
  it('proposes what has a sequence', () => {
    expect(chosen(found, proposed(found))).toEqual([{ key: 'a' }, { key: 'c' }]);
  });

  it('takes a volume in when its sequence is chosen, and says which one', () => {
    const plan = decided(proposed(found), 'b', { sequence: 'AXT2' });
    expect(chosen(found, plan)).toEqual([{ key: 'a' }, { key: 'b', sequence: 'AXT2' }, { key: 'c' }]);
  });

  it('never takes a volume without a sequence', () => {
    expect(chosen(found, decided(proposed(found), 'b', { take: true })).map(({ key }) => key)).toEqual(['a', 'c']);
    expect(chosen(found, allTaken(found, proposed(found), true)).map(({ key }) => key)).toEqual(['a', 'c']);
    expect(chosen(found, allTaken(found, proposed(found), false))).toEqual([]);
  });

  it('shows each identity once, of what is taken only', () => {
    const plan = decided(proposed(found), 'a', { take: false });
    expect(identities(found, plan)).toEqual({ patients: [], names: ['c'] });
    expect(identities(found, proposed(found)).patients).toEqual(['P1']);
  });
});
