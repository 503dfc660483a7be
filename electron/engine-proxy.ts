import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import type { EngineConnection } from './engine-process.ts';

/** The engine's own paths; `/shell/*` is not among them: that door is the shell's alone. */
const ENGINE_PATHS = /^\/(api|arrays)\/|^\/events$/;

export function belongsToEngine(path: string): boolean {
  return ENGINE_PATHS.test(path);
}

/** What a page may say to the engine. Everything else a browser adds, and above all `authorization`, stays behind. */
const PASSED_ON = ['accept', 'content-type', 'if-none-match', 'last-event-id', 'range', 'trpc-accept'];
/** What describes one connection and not the answer. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'proxy-connection', 'trailer']);

/**
 * Hands a page's request to the engine's socket and streams the answer back: events arrive as they happen, arrays are not gathered
 * in memory. Marked as coming from the window.
 */
export async function askEngine(request: Request, connection: EngineConnection | undefined): Promise<Response> {
  if (connection === undefined) return engineAway();
  const { pathname, search } = new URL(request.url);
  const headers = PASSED_ON.flatMap((name) => {
    const value = request.headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  const options = {
    socketPath: connection.socket,
    method: request.method,
    path: pathname + search,
    headers: {
      ...Object.fromEntries(headers),
      host: 'isochromat',
      // With the mark the secret makes nobody the shell; a pipe of Windows has no mode, and asks for it.
      authorization: `Bearer ${connection.secret}`,
      'x-isochromat-window': '1',
    },
    signal: request.signal,
  };
  try {
    const reply = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = httpRequest(options, resolve).on('error', reject);
      if (request.body === null) outgoing.end();
      else
        Readable.fromWeb(request.body as NodeReadableStream)
          .on('error', reject)
          .pipe(outgoing);
    });
    return responseOf(reply, request.method);
  } catch {
    return engineAway();
  }
}

function responseOf(reply: IncomingMessage, method: string): Response {
  const headers = new Headers({ 'x-content-type-options': 'nosniff' });
  for (const [name, value] of Object.entries(reply.headers)) {
    if (HOP_BY_HOP.has(name) || name === 'set-cookie' || value === undefined) continue;
    headers.set(name, String(value));
  }
  const status = reply.statusCode ?? 502;
  const empty = method === 'HEAD' || [204, 205, 304].includes(status);
  if (empty) reply.resume();
  // The window goes away in the middle of an answer: nobody is left to tell.
  reply.on('error', () => {});
  return new Response(empty ? null : (Readable.toWeb(reply) as ReadableStream), { status, headers });
}

function engineAway(): Response {
  const error = { code: 'engine-away', sentence: 'The engine is not running at the moment.' };
  return Response.json(error, { status: 503, headers: { 'cache-control': 'no-store' } });
}
