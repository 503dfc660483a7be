import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Who asks. `shell`: the program that started the engine; `window`: a page. */
export type Caller = 'shell' | 'window';

export type Verdict =
  | { caller: Caller }
  | { status: 401 | 403 | 421; sentence: string }
  /** The one-time token was good: the cookie to set. */
  | { cookie: string };

/** Decides about every request before anything else of it is looked at. */
export type Access = (request: IncomingMessage) => Verdict;

/**
 * Behind a shell: nobody but this user's processes gets at the socket. The shell shows the secret; what it passes on from a window is
 * marked as such, and is never taken for the shell itself. On Windows, where a pipe has no mode, the mark is not enough: what is passed
 * on shows the secret too.
 */
export function desktopAccess(secret: string, platform: NodeJS.Platform = process.platform): Access {
  return ({ headers }) => {
    const shows = sameSecret(/^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1], secret);
    const fromWindow = headers['x-isochromat-window'] !== undefined;
    if (fromWindow && (shows || platform !== 'win32')) return { caller: 'window' };
    if (shows) return { caller: 'shell' };
    return { status: 401, sentence: 'Only the shell of Isochromat may ask.' };
  };
}

/**
 * Before a browser: 127.0.0.1 alone. The address must be called by its own name, which a page of another name that was made to point here
 * (DNS rebinding) cannot; other sites' pages are refused by what the browser says of them; the token of the first address is
 * good once and becomes a cookie that other sites' requests do not carry.
 * @param port known once the server listens
 */
export function browserAccess(token: string, port: () => number): Access {
  const session = randomBytes(32).toString('hex');
  let spent = false;
  return (request) => {
    const { headers, method = 'GET', url = '/' } = request;
    const name = `isochromat-${port()}`;
    const hosts = [`127.0.0.1:${port()}`, `localhost:${port()}`];
    if (!hosts.includes(headers.host ?? '')) return { status: 421, sentence: 'This is not the name of this server.' };
    const { origin } = headers;
    const foreign = origin !== undefined && origin !== `http://${headers.host}`;
    const site = headers['sec-fetch-site'];
    if (foreign || (site !== undefined && site !== 'same-origin' && site !== 'none')) {
      return { status: 403, sentence: 'Pages of other sites may not ask.' };
    }
    if (method !== 'GET' && method !== 'HEAD' && origin === undefined) {
      return { status: 403, sentence: 'Who changes something has to say from which page.' };
    }
    const shown = tokenIn(url);
    if (shown !== undefined && method === 'GET') {
      if (spent || !sameSecret(shown, token)) {
        return { status: 401, sentence: 'This address was good once. Start "isochromat serve" again for a new one.' };
      }
      spent = true;
      return { cookie: `${name}=${session}; HttpOnly; SameSite=Strict; Path=/` };
    }
    if (sameSecret(cookieIn(headers.cookie, name), session)) return { caller: 'window' };
    return { status: 401, sentence: 'Open the address that "isochromat serve" has printed.' };
  };
}

function tokenIn(url: string): string | undefined {
  const parsed = URL.parse(url, 'http://localhost');
  return parsed?.pathname === '/' ? (parsed.searchParams.get('token') ?? undefined) : undefined;
}

function cookieIn(header: string | undefined, name: string): string | undefined {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([key]) => key === name)?.[1];
}

/** Takes the same time wherever they differ. */
function sameSecret(shown: string | undefined, secret: string): boolean {
  if (shown === undefined || secret === '') return false;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(shown), digest(secret));
}
