import { describe, expect, it } from 'vitest';
import { filterOf, filterOfGroup, toggled } from '../../../renderer/features/library/query.ts';

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
});
