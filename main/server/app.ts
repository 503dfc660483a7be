import fastify from 'fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { fastifyTRPCPlugin } from '@trpc/server/adapters/fastify';
import type { FastifyTRPCPluginOptions } from '@trpc/server/adapters/fastify';
import { z, ZodError } from 'zod';
import { arrayRoutes } from './arrays/routes.ts';
import type { EngineState } from './engine-state.ts';
import type { Access, Caller } from './http/access.ts';
import { EventStreams } from './http/event-stream.ts';
import { PAGE_HEADERS } from './http/page-headers.ts';
import { sendFile } from './http/static-files.ts';
import { publicError, statusOf } from './public-error.ts';
import { appRouter } from './routers/index.ts';
import type { AppRouter } from './routers/index.ts';
import type { EngineError } from './wire.ts';

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | undefined;
  }
}

/** Bytes of a request's body: the longest list of tokens is far below. */
const LARGEST_BODY = 8 * 2 ** 20;

export interface AppOptions {
  engine: EngineState;
  access: Access;
  /** The built window; undefined or absent = the engine answers without pages. */
  renderer: string | undefined;
}

/** The engine's HTTP side: who may ask, and then `/api`, `/arrays`, `/events`, `/shell` and the window's files. */
export async function createApp({ engine, access, renderer }: AppOptions): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: LARGEST_BODY,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 2000 },
    // What Fastify itself refuses (a path that cannot be decoded) leaves in our words too.
    frameworkErrors: (error, _request, reply) => void refuse(reply, error.statusCode ?? 400, NOT_UNDERSTOOD),
  });
  const streams = new EventStreams(engine.events);
  app.decorateRequest('caller', undefined);

  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(PAGE_HEADERS).header('cache-control', 'no-store');
    const verdict = access(request.raw);
    if ('caller' in verdict) request.caller = verdict.caller;
    else if ('cookie' in verdict) return reply.header('set-cookie', verdict.cookie).redirect('/', 303);
    else if (request.headers.accept?.includes('text/html')) {
      return reply.code(verdict.status).type('text/plain; charset=utf-8').send(verdict.sentence);
    } else return refuse(reply, verdict.status, { code: 'not-allowed', sentence: verdict.sentence });
  });

  app.setErrorHandler((thrown, request, reply) => {
    const status = (thrown as { statusCode?: number }).statusCode;
    if (thrown instanceof ZodError) return refuse(reply, 400, inputError(thrown));
    if (status !== undefined && status < 500) return refuse(reply, status, NOT_UNDERSTOOD);
    const error = publicError(thrown);
    engine.log[error.code === 'internal' ? 'error' : 'info'](
      { err: thrown, route: request.routeOptions.url },
      'refused',
    );
    return refuse(reply, statusOf(error), error);
  });

  await app.register(fastifyTRPCPlugin, {
    prefix: '/api',
    trpcOptions: { router: appRouter, createContext: () => ({ engine }) },
  } satisfies FastifyTRPCPluginOptions<AppRouter>);

  arrayRoutes(app, engine);

  app.get('/events', (request, reply) => {
    const { since } = z.object({ since: z.string().max(60).optional() }).parse(request.query);
    const last = request.headers['last-event-id'];
    reply.hijack();
    const started = streams.start(reply.raw, since ?? (Array.isArray(last) ? last[0] : last), PAGE_HEADERS);
    if (!started) reply.raw.writeHead(503).end();
  });

  app.post('/shell/paths', async (request, reply) => {
    if (request.caller !== 'shell') {
      return refuse(reply, 403, { code: 'not-allowed', sentence: 'Only the shell names paths.' });
    }
    // `isNew`: a place where something is to be saved, at which there is nothing yet.
    const { paths, isNew } = z
      .object({ paths: z.array(z.string().min(1).max(4096)).max(10_000), isNew: z.boolean().default(false) })
      .parse(request.body);
    const tokens = paths.map((path) => (isNew ? engine.tokens.giveNew(path) : engine.tokens.give(path)));
    return { tokens };
  });

  app.setNotFoundHandler(async (request, reply) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const isPage = request.method === 'GET' || request.method === 'HEAD';
    const ours = /^\/(api|arrays|shell|events)(\/|$)/.test(pathname);
    const sent = isPage && !ours && renderer !== undefined ? await sendFile(reply, renderer, pathname) : undefined;
    return sent ?? refuse(reply, 404, { code: 'no-such-address', sentence: 'There is nothing here.' });
  });

  app.addHook('preClose', (done) => {
    streams.endAll();
    done();
  });
  return app;
}

const NOT_UNDERSTOOD: EngineError = { code: 'input', sentence: 'The engine could not understand the request.' };

function inputError(error: ZodError): EngineError {
  const found = error.issues
    .map(({ path, message }) => `${path.join('.')}: ${message}`)
    .slice(0, 3)
    .join('; ');
  return { code: 'input', sentence: 'The engine was asked for something that makes no sense.', found };
}

function refuse(reply: FastifyReply, status: number, error: EngineError): FastifyReply {
  return reply.code(status).header('cache-control', 'no-store').type('application/json').send(JSON.stringify(error));
}
