import { describe, expect, it } from 'vitest';
import { filterOf, filterOfGroup, foldedValues, toggled } from '../../../renderer/features/library/query.ts';

describe('what the library is asked', () => {
  it('names only what was chosen', () => {
    expect(filterOf({}, '  ')).toEqual({});
    expect(filterOf({ sequence: ['AXT2'], hasPhase: ['no'], site: [null, 'A'] }, ' knee ')).toEqual({
      text: 'knee',
      sequence: ['AXT2'],
      hasPhase: [false],
      site: [null, 'A'],
    });
  });

  it('asks for findings and for what was annotated', () => {
    expect(filterOf({ annotated: ['yes'], finding: ['Mass'] }, '')).toEqual({ annotated: [true], finding: ['Mass'] });
  });

  it('narrows to one group within what is chosen', () => {
    expect(filterOfGroup({ purpose: ['training'], sequence: ['AXT1', 'AXT2'] }, '', 'sequence', 'AXT1')).toEqual({
      purpose: ['training'],
      sequence: ['AXT1'],
    });
  });

  it('takes a value up and lets it go again', () => {
    const once = toggled({}, 'split', null);
    expect(once).toEqual({ split: [null] });
    expect(toggled(once, 'split', null)).toEqual({ split: [] });
  });

  it('folds long lists of values, but not away what is chosen, nor for two lines', () => {
    const values = (count: number) => Array.from({ length: count }, (_, i) => ({ value: String(i) }));
    expect(foldedValues(values(12), [])).toHaveLength(12);
    expect(foldedValues(values(13), [])).toEqual(values(10));
    expect(foldedValues(values(30), ['3', '28'])).toEqual([...values(10), { value: '28' }]);
  });
});
