import { describe, expect, it } from 'vitest';
import { chordOf, chordText } from '../../../renderer/app/keys.ts';

const press = (
  key: string,
  modifiers: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {},
) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...modifiers,
});

describe('key chords', () => {
  it('call Ctrl and Cmd by one name', () => {
    expect(chordOf(press('k', { ctrlKey: true }))).toBe('Mod+K');
    expect(chordOf(press('k', { metaKey: true }))).toBe('Mod+K');
  });

  it('name Shift only where the character does not say it', () => {
    expect(chordOf(press('?', { shiftKey: true }))).toBe('?');
    expect(chordOf(press('R', { shiftKey: true }))).toBe('Shift+R');
    expect(chordOf(press('ArrowUp', { shiftKey: true }))).toBe('Shift+ArrowUp');
  });

  it('are none while only modifiers are down', () => {
    expect(chordOf(press('Shift', { shiftKey: true }))).toBeNull();
    expect(chordOf(press('Control', { ctrlKey: true }))).toBeNull();
  });

  it('keep modifiers in one order', () => {
    expect(chordOf(press('ArrowUp', { shiftKey: true, altKey: true, ctrlKey: true }))).toBe('Mod+Alt+Shift+ArrowUp');
  });

  it('name the space bar', () => {
    expect(chordOf(press(' '))).toBe('Space');
  });

  it('read as people write them', () => {
    expect(chordText('Mod+Shift+Z', false)).toBe('Ctrl Shift Z');
    expect(chordText('Mod+Shift+Z', true)).toBe('⌘ ⇧ Z');
    expect(chordText('ArrowLeft', false)).toBe('←');
    expect(chordText('+', false)).toBe('+');
    expect(chordText('Mod++', false)).toBe('Ctrl +');
  });
});
