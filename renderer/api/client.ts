import { createTRPCClient, httpLink } from '@trpc/client';
import type { AppRouter } from '../../main/server/contract.ts';

/** Calls the engine: `engine.volumes.list.query(…)`. Types come from the engine's contract, and nothing but types. */
export const engine = createTRPCClient<AppRouter>({ links: [httpLink({ url: '/api' })] });

/** The same for what is said while the page goes: it is sent to its end all the same. At most 64 kB. */
export const leavingEngine = createTRPCClient<AppRouter>({
  links: [httpLink({ url: '/api', fetch: (url, init) => fetch(url, { ...(init as RequestInit), keepalive: true }) })],
});
