import { constants, getPriority, setPriority } from 'node:os';

/**
 * Lets everything else of the user go before this process of a job, the engine above all: a window answers while jobs take what is left,
 * which on a machine that does nothing else is everything. On Linux this holds for the thread that calls it and those that it begins
 * afterwards: a watchdog that was begun before keeps its turns.
 */
export function yieldToOthers(): void {
  try {
    setPriority(Math.min(getPriority() + constants.priority.PRIORITY_BELOW_NORMAL, constants.priority.PRIORITY_LOW));
  } catch {
    // The system does not let us: the job runs all the same.
  }
}
