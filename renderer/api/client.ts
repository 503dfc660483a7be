import { createTRPCClient, httpLink } from '@trpc/client';
import type { AppRouter } from '../../main/server/contract.ts';

/** Calls the engine: `engine.volumes.list.query(…)`. Types come from the engine's contract, and nothing but types. */
export const engine = createTRPCClient<AppRouter>({ links: [httpLink({ url: '/api' })] });
