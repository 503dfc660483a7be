import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { describe, expect, onTestFinished, test } from 'vitest';
import { IsochromatError } from '../../../main/domain/errors.ts';
import {
  defaultMemoryLimit,
  diedForMemory,
  heapLimitMiB,
  isMemoryError,
  residentBytes,
  sacrificeFirst,
} from '../../../main/jobs/queue/memory.ts';

describe('memory of jobs', () => {
  test('is limited to a part of the machine, its heap to a part of that', () => {
    const limit = defaultMemoryLimit();
    expect(limit).toBeGreaterThan(0);
    expect(limit).toBeLessThan(0.76 * totalmem());
    expect(heapLimitMiB(limit) * 2 ** 20).toBeLessThanOrEqual(limit / 2);
  });

  test.runIf(process.platform === 'linux')('is seen from outside, and given up first', async () => {
    const child = spawn(process.execPath, [
      '-e',
      'const b = Buffer.alloc(2e8, 1); console.log(b.length); setInterval(() => b, 1e4)',
    ]);
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    expect(await residentBytes(child.pid!)).toBeGreaterThan(2e8);
    sacrificeFirst(child.pid!);
    expect(readFileSync(`/proc/${child.pid}/oom_score_adj`, 'utf8').trim()).toBe('1000');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await residentBytes(child.pid!)).toBeNull();
  });

  test('that is refused is recognised, however deep it is hidden', () => {
    const refused = ((): unknown => {
      try {
        return new Float64Array(2 ** 50);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(isMemoryError(refused)).toBe(true);
    const hidden = new IsochromatError({ code: 'x', sentence: 'Training failed.', cause: refused });
    expect(isMemoryError(hidden)).toBe(true);
    expect(isMemoryError(new Error('ENOENT: no such file'))).toBe(false);
    expect(diedForMemory('FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory')).toBe(
      true,
    );
    expect(diedForMemory('Segmentation fault')).toBe(false);
  });
});
