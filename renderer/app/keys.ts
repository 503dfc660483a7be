/**
 * Key chords as text: modifiers in the order Mod, Alt, Shift, then the key: `Mod+K`, `Shift+R`, `ArrowUp`, `?`.
 * Mod is Ctrl, and Cmd on a Mac. Shift is named only where the character itself does not say it (letters and named keys).
 */
export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

const MODIFIERS = new Set([
  'Control',
  'Meta',
  'Alt',
  'Shift',
  'AltGraph',
  'CapsLock',
  'Dead',
  'Process',
  'Unidentified',
]);

export const onMac = typeof navigator !== 'undefined' && /mac/i.test(navigator.platform);

/** The chord of a key press; null while only modifiers are down. */
export function chordOf(press: KeyPress): string | null {
  if (MODIFIERS.has(press.key)) return null;
  const key = press.key === ' ' ? 'Space' : press.key.length === 1 ? press.key.toUpperCase() : press.key;
  const saysItself = key.length === 1 && key.toLowerCase() === key.toUpperCase();
  const parts = [];
  if (press.ctrlKey || press.metaKey) parts.push('Mod');
  if (press.altKey) parts.push('Alt');
  if (press.shiftKey && !saysItself) parts.push('Shift');
  return [...parts, key].join('+');
}

const SYMBOLS: Record<string, string> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
};

/** A chord as people read it: `Ctrl K`, on a Mac `⌘ K`. */
export function chordText(chord: string, mac = onMac): string {
  // The key itself may be a plus.
  const parts = chord.endsWith('++') ? [...chord.slice(0, -2).split('+'), '+'] : chord.split('+');
  if (chord === '+') return '+';
  const names: Record<string, string> = mac ? { Mod: '⌘', Alt: '⌥', Shift: '⇧' } : { Mod: 'Ctrl' };
  return parts.map((part) => names[part] ?? SYMBOLS[part] ?? part).join(' ');
}

/** Whether keys belong to what is being typed into. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  if (!(target instanceof HTMLInputElement)) return false;
  return !['checkbox', 'radio', 'button', 'range', 'color'].includes(target.type);
}
