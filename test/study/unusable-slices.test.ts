import { expect, test } from 'vitest';
import { unusableSlices } from '../../main/study/index.ts';

test('slices that could not be used are told with what was found and what to do, without the sentence of what was expected', () => {
  const error = { code: 'fastmri-slice-all-zero', sentence: 'Slice 3 is empty.', expected: 'data', remedy: 'Copy it.' };
  expect(unusableSlices({ info: { slicesNotUsed: [{ slice: 3, error }] } })).toEqual([
    { slice: 3, code: 'fastmri-slice-all-zero', reason: 'Slice 3 is empty. Copy it.' },
  ]);
});

test('a volume of which nothing is noted has none', () => {
  expect(unusableSlices({ info: {} })).toEqual([]);
});
