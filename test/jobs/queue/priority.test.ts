import { existsSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { describe, expect, test } from 'vitest';
import { temporaryStudy } from '../../study/temporary-study.ts';
import { processOf, submit, temporaryQueue, underWay, until } from './queue-fixture.ts';

describe('the process of a job', () => {
  test('lets the engine go before it', async () => {
    const queue = temporaryQueue(await temporaryStudy());
    const { id } = submit(queue, 'publish 50');
    await underWay(queue, id);
    expect(getPriority(processOf(queue, id))).toBeGreaterThan(getPriority());
  });

  test.runIf(existsSync('/proc/self/autogroup'))(
    'does so too where processors are shared among sessions, without changing that of the engine',
    async () => {
      const place = (pid: number | 'self'): string => readFileSync(`/proc/${pid}/autogroup`, 'utf8').trim();
      const before = place('self');
      const queue = temporaryQueue(await temporaryStudy());
      const { id } = submit(queue, 'publish 50');
      await underWay(queue, id);
      const pid = processOf(queue, id);
      await until(() => place(pid).endsWith(' nice 4'), 30_000);
      expect(place(pid)).not.toBe(before);
      expect(place('self')).toBe(before);
    },
  );
});
