import { protocol } from 'electron';
import { APPLICATION_ORIGIN, SHELL_ORIGIN } from './bridge.ts';
import { readBundleFile } from './bundle-file.ts';
import { pageHeaders } from './content-security.ts';
import { askEngine, belongsToEngine } from './engine-proxy.ts';
import type { EngineConnection } from './engine-process.ts';

export interface PagesSource {
  /** The built window. */
  renderer: string;
  /** The shell's own page. */
  pages: string;
  /** In development: Vite's server, from which the window's files are taken instead. */
  developmentServer?: URL | undefined;
  /** The running engine, if there is one. */
  engine: () => EngineConnection | undefined;
}

/** To be called before the application is ready: `app:` is a standard, secure scheme whose pages can fetch and stream. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: 'app',
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    },
  ]);
}

/** Answers all of `app:`. Nothing else of this machine and nothing of any other can be reached through it. */
export function servePages(source: PagesSource): void {
  protocol.handle('app', (request) => answer(request, source));
}

/** @see servePages */
export async function answer(request: Request, source: PagesSource): Promise<Response> {
  const { protocol: scheme, host, pathname } = new URL(request.url);
  const origin = `${scheme}//${host}`;
  if (origin === SHELL_ORIGIN) return serveFile(request, source.pages, pathname);
  if (origin !== APPLICATION_ORIGIN) return refuse(404, 'There is nothing here.');
  if (belongsToEngine(pathname)) return askEngine(request, source.engine());
  if (source.developmentServer !== undefined) return fromDevelopmentServer(request, source.developmentServer);
  // The window's own addresses (/viewer/…) have no file; they all start from its one page.
  const wanted = /\.[a-z0-9]+$/i.test(pathname) ? pathname : '/index.html';
  return serveFile(request, source.renderer, wanted);
}

async function serveFile(request: Request, folder: string, path: string): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'This can only be read.');
  const file = await readBundleFile(folder, path);
  if (file === undefined) return refuse(404, 'There is nothing here.');
  const headers = { ...pageHeaders(), 'content-type': file.type, 'cache-control': 'no-cache' };
  return new Response(request.method === 'HEAD' ? null : file.bytes, { headers });
}

async function fromDevelopmentServer(request: Request, server: URL): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const reply = await fetch(new URL(pathname + search, server), {
    headers: { accept: request.headers.get('accept') ?? '*/*' },
  });
  const headers = {
    ...pageHeaders(`ws://${server.host}`),
    'content-type': reply.headers.get('content-type') ?? 'text/plain',
  };
  return new Response(reply.body, { status: reply.status, headers });
}

function refuse(status: number, sentence: string): Response {
  return new Response(sentence, { status, headers: { ...pageHeaders(), 'content-type': 'text/plain; charset=utf-8' } });
}
