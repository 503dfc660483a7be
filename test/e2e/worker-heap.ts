import type { CDPSession } from 'playwright-core';

/** Watches the page's workers. Returns what asks for the memory of their JavaScript, after a collection, in bytes. */
export async function watchWorkers(session: CDPSession): Promise<() => Promise<number>> {
  const workers = new Set<string>();
  const waiting = new Map<number, (result: Record<string, number>) => void>();
  let counter = 0;
  session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    if (targetInfo.type === 'worker') workers.add(sessionId);
  });
  session.on('Target.detachedFromTarget', ({ sessionId }) => void workers.delete(sessionId));
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message) as { id: number; result?: Record<string, number> };
    waiting.get(id)?.(result ?? {});
    waiting.delete(id);
  });
  const ask = (sessionId: string, method: string): Promise<Record<string, number>> =>
    new Promise((resolve, reject) => {
      const id = ++counter;
      waiting.set(id, resolve);
      session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) }).catch(reject);
    });
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  return async () => {
    let bytes = 0;
    for (const worker of workers) {
      await ask(worker, 'HeapProfiler.collectGarbage');
      const { usedSize = 0, backingStorageSize = 0 } = await ask(worker, 'Runtime.getHeapUsage');
      bytes += usedSize + backingStorageSize;
    }
    return bytes;
  };
}
