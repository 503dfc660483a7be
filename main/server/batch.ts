import { publicError } from './public-error.ts';
import type { BatchResult } from './wire.ts';

/** Does the same to several items; what fails is reported and the others go on. */
export async function batch(
  ids: readonly string[],
  work: (id: string) => void | Promise<void>,
  changed: (ids: string[]) => void,
): Promise<BatchResult> {
  const result: BatchResult = { done: [], failed: [] };
  for (const id of ids) {
    try {
      await work(id);
      result.done.push(id);
    } catch (thrown) {
      result.failed.push({ id, error: publicError(thrown) });
    }
  }
  if (result.done.length > 0) changed(result.done);
  return result;
}
