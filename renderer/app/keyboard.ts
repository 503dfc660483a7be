import { chordOf, isTyping } from './keys.ts';
import { useCommands } from './commands.ts';
import { useToasts } from './toasts.ts';

/**
 * Sends key presses to the commands they are bound to. While something is typed, only chords with Mod get through.
 * Returns how to stop.
 */
export function useKeyboard(): () => void {
  const commands = useCommands();
  const toasts = useToasts();
  const listen = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const chord = chordOf(event);
    if (chord === null) return;
    const typing = isTyping(event.target);
    // Ctrl+Z, Ctrl+A and the like belong to the text that is being typed.
    if (typing && (!chord.startsWith('Mod+') || /^Mod\+(Shift\+)?[ACVXZY]$/.test(chord))) return;
    // A dialog that is open has the keyboard for itself; the palette may still be closed by its own keys.
    if (document.querySelector('[role="dialog"][aria-modal="true"]') !== null && !chord.startsWith('Mod+')) return;
    // Space and Enter press what has the focus.
    if ((chord === 'Enter' || chord === 'Space') && event.target instanceof HTMLElement) {
      if (event.target.closest('button, a, [role="button"], input, summary, [role="option"]') !== null) return;
    }
    const command = commands.calledBy(chord);
    if (command === undefined) return;
    event.preventDefault();
    void commands.run(command.id).catch((thrown: unknown) => toasts.failed(thrown));
  };
  window.addEventListener('keydown', listen);
  return () => window.removeEventListener('keydown', listen);
}
