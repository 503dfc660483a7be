import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { createInterface } from 'node:readline';
import type { EngineState } from './bridge.ts';
import { makeEngineAddress } from './engine-address.ts';
import type { EngineAddress } from './engine-address.ts';

export interface EngineCommand {
  /** The Node runtime that we ship (never Electron itself: the fuse RunAsNode is off). */
  node: string;
  /** `main/server/engine`. */
  entry: string;
  environment?: Record<string, string>;
}

export interface EngineTimings {
  /** Longest wait for the readiness line: a first start, with a virus scanner looking on, takes its time. */
  ready: number;
  /** Waits before the first, second … restart; after the last the engine counts as failed. */
  backOff: readonly number[];
  /** A run of this length wipes out earlier crashes. */
  stable: number;
  /** How long a shutdown may take before it is asked by signal, and how long after that before it is forced. */
  grace: number;
  terminate: number;
}

/** Milliseconds. */
const TIMINGS: EngineTimings = {
  ready: 90_000,
  backOff: [500, 1000, 2000, 4000, 8000],
  stable: 60_000,
  grace: 120_000,
  terminate: 5000,
};

/** Milliseconds in which what an engine said at its end may still arrive. */
const LAST_WORDS = 300;

/** Where and with which secret the running engine is reached. */
export interface EngineConnection {
  socket: string;
  secret: string;
}

interface EngineEvents {
  state: [EngineState];
  /** A line of its standard error. */
  log: [string];
}

/**
 * Starts the engine and keeps it running: waits for its readiness line, restarts it with growing waits when it ends by itself, and
 * stops it in order (its standard input ends; it then stops the jobs at a checkpoint). The secret goes over standard input, so that
 * neither the list of processes nor the environment shows it.
 */
export class EngineProcess extends EventEmitter<EngineEvents> {
  readonly #command: EngineCommand;
  readonly #timings: EngineTimings;
  #state: EngineState = { kind: 'stopped' };
  #child: ChildProcessWithoutNullStreams | undefined;
  #connection: EngineConnection | undefined;
  #crashes = 0;
  #restart: NodeJS.Timeout | undefined;

  constructor(command: EngineCommand, timings: Partial<EngineTimings> = {}) {
    super();
    this.#command = command;
    this.#timings = { ...TIMINGS, ...timings };
  }

  get state(): EngineState {
    return this.#state;
  }

  /** Undefined unless the engine is ready. */
  get connection(): EngineConnection | undefined {
    return this.#state.kind === 'ready' ? this.#connection : undefined;
  }

  /** Process id of the running engine, for the diagnostics. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it, or starts it again after it failed; crashes so far are forgiven. */
  start(): void {
    if (this.#child !== undefined || this.#state.kind === 'stopping') return;
    clearTimeout(this.#restart);
    this.#crashes = 0;
    this.#launch();
  }

  /** Ends an engine that does not answer any more; it is started again like one that crashed. */
  endUnresponsive(): void {
    this.#child?.kill('SIGKILL');
  }

  /** Resolves with the connection as soon as there is one; rejects when the engine failed or is being stopped. */
  ready(): Promise<EngineConnection> {
    const ended = (state: EngineState): boolean => ['failed', 'stopping', 'stopped'].includes(state.kind);
    return new Promise((resolve, reject) => {
      const look = (state: EngineState): void => {
        if (this.connection !== undefined) resolve(this.connection);
        else if (ended(state)) reject(new Error('reason' in state ? state.reason : 'The engine is not running.'));
        else return;
        this.off('state', look);
      };
      this.on('state', look);
      look(this.#state);
    });
  }

  /** Stops it in order: resolves when the process has ended. Asked first, then by signal, then by force. */
  async stop(): Promise<void> {
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child === undefined) return this.#enter({ kind: 'stopped' });
    const ended = new Promise<void>((done) => {
      const look = ({ kind }: EngineState): void => {
        if (kind !== 'stopped') return;
        this.off('state', look);
        done();
      };
      this.on('state', look);
    });
    this.#enter({ kind: 'stopping' });
    child.stdin.end();
    const signal = setTimeout(() => child.kill('SIGTERM'), this.#timings.grace);
    const force = setTimeout(() => child.kill('SIGKILL'), this.#timings.grace + this.#timings.terminate);
    await ended;
    clearTimeout(signal);
    clearTimeout(force);
  }

  #launch(): void {
    this.#enter({ kind: 'starting' });
    const address = makeEngineAddress();
    const secret = randomBytes(32).toString('hex');
    const child = spawn(this.#command.node, [this.#command.entry, '--socket', address.socket], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: engineEnvironment(this.#command.environment),
      windowsHide: true,
    });
    this.#child = child;
    const started = performance.now();
    let lastWords = '';
    const late = setTimeout(() => child.kill('SIGKILL'), this.#timings.ready);

    // A process that is gone cannot be written to; its end is told by `close`.
    child.stdin.on('error', () => {});
    child.stdin.write(`${JSON.stringify({ secret, mode: 'desktop' })}\n`);
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!saysReady(line, address.socket) || this.#child !== child || this.#state.kind !== 'starting') return;
      clearTimeout(late);
      this.#connection = { socket: address.socket, secret };
      this.#enter({ kind: 'ready' });
    });
    createInterface({ input: child.stderr }).on('line', (line) => {
      lastWords = line;
      this.emit('log', line);
    });
    let failure: string | undefined;
    child.on('error', (error) => (failure = error.message));
    let over = false;
    const end = (code: number | null, signal: string | null): void => {
      if (over) return;
      over = true;
      clearTimeout(late);
      const seconds = (performance.now() - started) / 1000;
      this.#ended(address, failure ?? describeEnd(code, signal, lastWords), seconds);
    };
    child.on('close', end);
    // A job that outlives a killed engine for a moment holds its pipes open: that must not hide the end.
    child.on('exit', (code, signal) => setTimeout(() => end(code, signal), LAST_WORDS));
  }

  #ended(address: EngineAddress, reason: string, seconds: number): void {
    address.remove();
    this.#child = undefined;
    this.#connection = undefined;
    if (this.#state.kind === 'stopping') return this.#enter({ kind: 'stopped' });
    if (seconds * 1000 >= this.#timings.stable) this.#crashes = 0;
    const wait = this.#timings.backOff[this.#crashes];
    this.#crashes += 1;
    if (wait === undefined) return this.#enter({ kind: 'failed', reason });
    this.#restart = setTimeout(() => this.#launch(), wait);
    this.#enter({ kind: 'restarting', reason, seconds: wait / 1000 });
  }

  #enter(state: EngineState): void {
    this.#state = state;
    this.emit('state', state);
  }
}

/** Ours, less what would change how a Node process starts. */
function engineEnvironment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(NODE_|ELECTRON_)/.test(name));
  return { ...Object.fromEntries(kept), ...more };
}

function saysReady(line: string, socket: string): boolean {
  try {
    const message = JSON.parse(line) as { ready?: unknown; socket?: unknown } | null;
    return message?.ready === true && message.socket === socket;
  } catch {
    return false;
  }
}

function describeEnd(code: number | null, signal: string | null, lastWords: string): string {
  const how = signal === null ? `The engine ended with exit code ${code}.` : `The engine was ended by ${signal}.`;
  return lastWords === '' ? how : `${how} Its last words: ${lastWords.slice(0, 300)}`;
}
