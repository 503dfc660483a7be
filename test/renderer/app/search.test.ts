import { describe, expect, it } from 'vitest';
import { rank } from '../../../renderer/app/search.ts';

const find = (query: string, items: string[]): string[] => rank(query, items, (item) => item);

describe('searching commands', () => {
  it('asks for every word, in any order', () => {
    expect(find('library open', ['Open the library', 'Open a study'])).toEqual(['Open the library']);
  });

  it('puts the start of a word before the inside of one', () => {
    expect(find('port', ['Import volumes', 'Port of call', 'The port'])).toEqual([
      'Port of call',
      'The port',
      'Import volumes',
    ]);
  });

  it('keeps the order of equals, and everything without a query', () => {
    expect(find('', ['b', 'a'])).toEqual(['b', 'a']);
    expect(find('o', ['one o', 'other o'])).toEqual(['one o', 'other o']);
  });
});
