import { chooseBackend } from '../../compute/backend.ts';
import type { WorkContext } from '../../domain/progress.ts';
import type { ModelWork } from '../work.ts';

/** Starts the backend for a job on models and says in the log which it is. */
export async function onDevice(override: string | undefined, context: WorkContext): Promise<ModelWork> {
  context.onProgress?.({ stage: 'Choosing the device', done: 0 });
  const { backend, device } = await chooseBackend({
    ...(override === undefined ? {} : { override }),
    log: (message) => context.log?.(message),
  });
  context.log?.(`computing on ${backend}`, { device });
  return { ...context, on: { backend, device } };
}

/** `1 volume`, `12 volumes`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
