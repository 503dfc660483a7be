import { readFileSync, writeFileSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';

/** Of ten turns, a job takes one where the engine wants the others. */
const LATER = constants.priority.PRIORITY_BELOW_NORMAL;
/**
 * A session of this place gets four tenths of what one gets that has none: beside two jobs the engine has one of two cores whenever it
 * wants it. Less would stop jobs altogether beside another user's work.
 */
const SESSION_LATER = 4;
/** Linux takes a new place of a session ten times a second, of all sessions together. */
const AGAIN_MS = 150;
const TRIES = 20;

/**
 * Lets everything else of the user go before this process of a job, the engine above all: a window answers while jobs take what is left,
 * which on a machine that does nothing else is everything. On Linux this holds for the thread that calls it and those that it begins
 * afterwards: a watchdog that was begun before keeps its turns.
 */
export function yieldToOthers(): void {
  try {
    setPriority(Math.min(getPriority() + LATER, constants.priority.PRIORITY_LOW));
  } catch {
    // The system does not let us: the job runs all the same.
  }
  if (process.platform === 'linux' && leadsSession()) placeSession(TRIES);
}

/**
 * Linux shares its processors among sessions first (autogroups), and a priority counts only inside of one. A job leads a session of its own,
 * so the session has to go last too: else each job would get as much as the engine and the window together.
 */
function placeSession(tries: number): void {
  try {
    writeFileSync('/proc/self/autogroup', String(SESSION_LATER));
  } catch (thrown) {
    if ((thrown as { code?: string }).code !== 'EAGAIN' || tries <= 1) return;
    setTimeout(() => placeSession(tries - 1), AGAIN_MS).unref();
  }
}

/** Whether the session is this process's own, and not that of the terminal or service that started it. */
function leadsSession(): boolean {
  try {
    // After the name, which may hold anything: state, parent, process group, session.
    const [, , , session] = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)!.split(' ');
    return Number(session) === process.pid;
  } catch {
    return false;
  }
}
