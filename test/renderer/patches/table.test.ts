import { describe, expect, it } from 'vitest';
import { sharedBetweenSplits, tableOne } from '../../../renderer/features/patches/table.ts';
import { wallLayout } from '../../../renderer/features/patches/wall-layout.ts';

describe('the table of patches', () => {
  it('has a line for each class and sequence that has any, and a sum for each class', () => {
    const lines = tableOne([
      { tissueClass: 'normal', sequence: 'AXT1', split: 'train', volumes: 2, patches: 60 },
      { tissueClass: 'normal', sequence: 'AXT1', split: 'test', volumes: 1, patches: 30 },
      { tissueClass: 'normal', sequence: 'AXFLAIR', split: 'train', volumes: 1, patches: 30 },
      { tissueClass: 'abnormal', sequence: 'AXT2', split: 'validation', volumes: 1, patches: 25 },
    ]);
    expect(lines.map(({ tissueClass, sequence }) => `${tissueClass} ${sequence}`)).toEqual([
      'normal AXFLAIR',
      'normal AXT1',
      'normal null',
      'abnormal AXT2',
      'abnormal null',
    ]);
    expect(lines[2]).toMatchObject({
      splits: { train: { patches: 90, volumes: 3 }, validation: { patches: 0, volumes: 0 } },
      all: { patches: 120, volumes: 4 },
    });
  });
});

describe('splits', () => {
  it('are shown to share nothing, or what they share', () => {
    const row = { volume: 'a', name: 'A', patient: 'p1234567890', split: 'train' as const };
    expect(sharedBetweenSplits([row, { ...row, volume: 'b', name: 'B' }])).toEqual([]);
    expect(sharedBetweenSplits([row, { ...row, volume: 'b', name: 'B', split: 'test' }])).toEqual([
      { what: 'patient p1234567', splits: ['train', 'test'] },
    ]);
  });
});

describe('the wall', () => {
  it('fills its width with tiles, and has at least one column', () => {
    expect(wallLayout(500, { width: 164, height: 84 }, 7, 6)).toEqual({ columns: 2, rows: 4, rowHeight: 90 });
    expect(wallLayout(10, { width: 164, height: 84 }, 3, 6).columns).toBe(1);
  });
});
