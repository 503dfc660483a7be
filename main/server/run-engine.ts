import { chmodSync, existsSync, lstatSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { IsochromatError } from '../domain/errors.ts';
import type { QueueOptions } from '../jobs/queue/index.ts';
import { createApp } from './app.ts';
import { EngineState } from './engine-state.ts';
import type { EngineMode } from './engine-state.ts';
import { browserAccess, desktopAccess } from './http/access.ts';

export interface EngineOptions {
  mode: EngineMode;
  /** Of the shell in the desktop; good once in the browser. */
  secret: string;
  /** A unix socket or a named pipe; or a port of 127.0.0.1, where 0 = any that is free. */
  listen: { socket: string } | { port: number };
  log: Logger;
  renderer?: string | undefined;
  queue?: QueueOptions;
}

export interface RunningEngine {
  state: EngineState;
  /** Where it listens. */
  address: { socket: string } | { port: number };
  /** Ends streams and requests, asks jobs to stop at a checkpoint, and lets go of the study. */
  close(options?: { grace?: number }): Promise<void>;
}

/**
 * Starts an engine in this process.
 * @throws IsochromatError `socket-exposed`, `address-in-use`
 */
export async function runEngine(options: EngineOptions): Promise<RunningEngine> {
  const { mode, secret, listen, log, renderer } = options;
  const state = new EngineState(mode, log, options.queue);
  let port = 0;
  const access = mode === 'desktop' ? desktopAccess(secret) : browserAccess(secret, () => port);
  const app = await createApp({ engine: state, access, renderer });
  if ('socket' in listen) requirePrivate(listen.socket);
  // Between being made and its mode being set, a socket must not be open to others either.
  const mask = process.umask(0o177);
  try {
    await app.listen('socket' in listen ? { path: listen.socket } : { host: '127.0.0.1', port: listen.port });
  } catch (thrown) {
    throw cannotListen(listen, thrown);
  } finally {
    process.umask(mask);
  }
  if ('socket' in listen && process.platform !== 'win32') chmodSync(listen.socket, 0o600);
  if ('port' in listen) port = (app.server.address() as AddressInfo).port;
  log.info({ mode, pid: process.pid }, 'engine listens');
  return {
    state,
    address: 'socket' in listen ? listen : { port },
    close: async (closing = {}) => {
      await app.close();
      await state.close(closing);
      log.info('engine ended');
    },
  };
}

/** Nobody else may reach the folder of the socket: its mode alone does not count on every system. A dead socket is removed. */
function requirePrivate(socket: string): void {
  if (process.platform === 'win32') return;
  const folder = dirname(socket);
  const status = lstatSync(folder, { throwIfNoEntry: false });
  if (
    status === undefined ||
    !status.isDirectory() ||
    (status.mode & 0o077) !== 0 ||
    status.uid !== process.getuid?.()
  ) {
    throw new IsochromatError({
      code: 'socket-exposed',
      sentence: 'The engine only listens in a folder that nobody but this user can enter.',
      subject: folder,
      expected: 'a folder of this user with mode 0700',
      found: status === undefined ? 'none' : `mode ${(status.mode & 0o777).toString(8)}`,
    });
  }
  if (existsSync(socket) && lstatSync(socket).isSocket()) rmSync(socket);
}

function cannotListen(listen: EngineOptions['listen'], cause: unknown): IsochromatError {
  const { code } = cause as { code?: string };
  return new IsochromatError({
    code: code === 'EADDRINUSE' ? 'address-in-use' : 'cannot-listen',
    sentence: code === 'EADDRINUSE' ? 'Something else listens there already.' : 'The engine cannot listen there.',
    subject: 'socket' in listen ? listen.socket : `port ${listen.port}`,
    found: code ?? String(cause),
    remedy: 'port' in listen ? 'Choose another port, or none.' : 'Choose another socket.',
    cause,
  });
}
