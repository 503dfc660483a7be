import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import { useCommands } from '../../../renderer/app/commands.ts';

const group = 'Test';

describe('commands', () => {
  beforeEach(() => setActivePinia(createPinia()));

  it('are available while something does their work', async () => {
    const commands = useCommands();
    commands.register([{ id: 'a', title: 'A', group, keys: ['A'] }]);
    expect(commands.calledBy('A')).toBeUndefined();
    let done = 0;
    const giveBack = commands.handle('a', () => void done++);
    expect(commands.calledBy('A')?.id).toBe('a');
    await commands.run('a');
    giveBack();
    expect(commands.calledBy('A')).toBeUndefined();
    expect(done).toBe(1);
  });

  it('do not give back what another has taken over', async () => {
    const commands = useCommands();
    commands.register([{ id: 'a', title: 'A', group }]);
    const calls: string[] = [];
    const first = commands.handle('a', () => void calls.push('first'));
    commands.handle('a', () => void calls.push('second'));
    first();
    await commands.run('a');
    expect(calls).toEqual(['second']);
  });

  it('take a key from the command that had it', () => {
    const commands = useCommands();
    const run = (): void => {};
    commands.register([
      { id: 'a', title: 'A', group, keys: ['A', 'X'], run },
      { id: 'b', title: 'B', group, keys: ['B'], run },
    ]);
    commands.bind('b', ['A']);
    expect(commands.calledBy('A')?.id).toBe('b');
    expect(commands.calledBy('B')).toBeUndefined();
    expect(commands.calledBy('X')?.id).toBe('a');
    commands.unbind('b');
    expect(commands.calledBy('B')?.id).toBe('b');
  });
});
