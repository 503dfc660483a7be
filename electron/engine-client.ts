import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { PickedPath } from './bridge.ts';
import type { EngineConnection } from './engine-process.ts';

/** Replies to the shell are small; more than this is a mistake. */
const LARGEST_REPLY = 4 * 1024 * 1024;

/** Milliseconds. Examining every backend takes up to half a minute. */
const LONGEST_ANSWER = 60_000;

/** What the shell itself asks of the engine, with the secret that proves it. */
export class EngineClient {
  readonly #connect: () => Promise<EngineConnection>;

  /** @param connect waits for a running engine */
  constructor(connect: () => Promise<EngineConnection>) {
    this.#connect = connect;
  }

  /**
   * Opaque tokens that stand for paths which a person picked.
   * @param options.isNew they are to be written, and need not exist yet
   */
  async tokens(paths: readonly string[], { isNew = false } = {}): Promise<PickedPath[]> {
    if (paths.length === 0) return [];
    const reply = (await this.#json('POST', '/shell/paths', isNew ? { paths, isNew } : { paths })) as {
      tokens?: PickedPath[];
    };
    if (!Array.isArray(reply.tokens)) throw new Error('The engine did not accept the chosen paths.');
    return reply.tokens;
  }

  /** The answer of a tRPC query, e.g. `jobs.list`. */
  async query(procedure: string, input?: unknown): Promise<unknown> {
    const parameters = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`;
    const reply = (await this.#json('GET', `/api/${procedure}${parameters}`)) as { result?: { data?: unknown } };
    return reply.result?.data;
  }

  /** Whether the engine answers anything at all within `milliseconds`. */
  async answers(milliseconds: number): Promise<boolean> {
    try {
      const reply = await this.#send('GET', '/api/', undefined, AbortSignal.timeout(milliseconds));
      reply.resume();
      return true;
    } catch {
      return false;
    }
  }

  /** The stream of events, from after `since` where given; the caller reads it until it ends. */
  async events(signal: AbortSignal, since?: string): Promise<IncomingMessage> {
    const headers: Record<string, string> = { accept: 'text/event-stream' };
    if (since !== undefined) headers['last-event-id'] = since;
    const reply = await this.#send('GET', '/events', undefined, signal, headers);
    if (reply.statusCode === 200) return reply;
    reply.resume();
    throw new Error(`The engine answered ${reply.statusCode} to /events.`);
  }

  async #json(method: string, path: string, body?: unknown): Promise<unknown> {
    const reply = await this.#send(method, path, body, AbortSignal.timeout(LONGEST_ANSWER));
    const text = await textOf(reply);
    if (reply.statusCode !== 200) throw new Error(`The engine answered ${reply.statusCode} to ${path.split('?')[0]}.`);
    return JSON.parse(text);
  }

  async #send(
    method: string,
    path: string,
    body: unknown,
    signal: AbortSignal,
    headers: Record<string, string> = {},
  ): Promise<IncomingMessage> {
    const { socket, secret } = await this.#connect();
    return new Promise((resolve, reject) => {
      const request = httpRequest({
        socketPath: socket,
        method,
        path,
        signal,
        headers: {
          host: 'isochromat',
          authorization: `Bearer ${secret}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
      });
      request.on('response', resolve).on('error', reject);
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

async function textOf(reply: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of reply as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_REPLY) throw new Error('The engine answered more than the shell can use.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
