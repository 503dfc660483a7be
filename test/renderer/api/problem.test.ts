import { describe, expect, it } from 'vitest';
import { isUnreachable, problemOf } from '../../../renderer/api/problem.ts';

describe('what went wrong', () => {
  it('is said in the words of the engine', () => {
    const error = { code: 'no-study', sentence: 'No study is open.', remedy: 'Open one.' };
    expect(problemOf(Object.assign(new Error('TRPC'), { data: { error } }))).toEqual(error);
  });

  it('is told apart from an engine that does not answer', () => {
    const gone = Object.assign(new Error('x'), { cause: new TypeError('Failed to fetch') });
    expect(isUnreachable(gone)).toBe(true);
    expect(problemOf(gone).code).toBe('engine-gone');
  });

  it('has a sentence whatever was thrown', () => {
    expect(problemOf(undefined).sentence).not.toBe('');
    expect(problemOf(new Error('Disk on fire')).sentence).toBe('Disk on fire');
  });
});
