import { constants, getPriority, setPriority } from 'node:os';

/**
 * Lets everything else of the user go first, the engine above all: a window answers while jobs take what is left, which on a
 * machine that does nothing else is everything. To be called at once after the start, so that all its threads inherit it.
 */
export function yieldToOthers(pid: number): void {
  try {
    const ours = getPriority();
    setPriority(pid, Math.min(ours + constants.priority.PRIORITY_BELOW_NORMAL, constants.priority.PRIORITY_LOW));
  } catch {
    // It has ended already, or the system does not let us: the job runs all the same.
  }
}
