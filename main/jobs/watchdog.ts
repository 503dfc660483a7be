import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { MEMORY_MARK } from './queue/messages.ts';

/** What the watchdog of a job's process is told. */
export interface WatchdogSettings {
  /** Process id of the engine. */
  engine: number;
  memoryLimit: number;
  orphanPatience: number;
  /** One 32-bit counter that the main thread advances as long as its event loop turns. */
  beats: SharedArrayBuffer;
}

const LOOK_MS = 200;
/** A main thread that has not turned for so long is in the middle of something that it will not leave for a checkpoint. */
const STUCK_MS = 2000;

// A thread of its own, so that it sees and acts while the main thread computes, loops or allocates: ends the process when it
// outgrows its memory, and when nobody is left to work for.
const { engine, memoryLimit, orphanPatience, beats } = workerData as WatchdogSettings;
const counter = new Int32Array(beats);
let seen = { beat: -1, at: performance.now() };
let orphanSince: number | undefined;

setInterval(() => {
  const now = performance.now();
  const beat = Atomics.load(counter, 0);
  if (beat !== seen.beat) seen = { beat, at: now };
  if (process.memoryUsage.rss() > memoryLimit) {
    writeSync(2, `${MEMORY_MARK}\n`);
    endProcess();
  }
  if (engineIsThere()) return;
  orphanSince ??= now;
  if (now - seen.at > STUCK_MS || now - orphanSince > orphanPatience) endProcess();
}, LOOK_MS);
parentPort?.postMessage('watching');

function engineIsThere(): boolean {
  // Elsewhere an orphan gets another parent; on Windows it keeps the number of the one that is gone.
  if (process.platform !== 'win32') return process.ppid === engine;
  try {
    return process.kill(engine, 0);
  } catch {
    return false;
  }
}

/** With its helpers, which are in the same process group. */
function endProcess(): void {
  try {
    if (process.platform !== 'win32') process.kill(-process.pid, 'SIGKILL');
  } catch {
    // It leads no group: it was not started by an engine.
  }
  process.kill(process.pid, 'SIGKILL');
}
