import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hasRelaxedSimd, loadKernelModule } from '../../main/kernels/loader.ts';
import { KernelPool } from '../../main/kernels/thread-pool.ts';

const pools: KernelPool[] = [];
async function pool(threads: number): Promise<KernelPool> {
  const started = await KernelPool.create({ modules: ['tensor'], threads });
  pools.push(started);
  return started;
}

afterAll(() => Promise.all(pools.map((p) => p.close())));

describe('The kernel pool', () => {
  it('shares a job among its threads and returns when all of it is done', async () => {
    for (const threads of [1, 2, 5]) {
      const p = await pool(threads);
      p.memory.grow(64);
      const n = 1_000_000;
      const values = new Int32Array(p.memory.buffer, p.dataStart, n);
      for (let round = 1; round <= 50; round++) {
        p.integers.set([p.dataStart, n, round]);
        p.run(p.kernel('fill'));
        // Blocks of every thread: the last ones are written by the workers.
        for (let i = 0; i < n; i += 997) expect(values[i]).toBe(round);
      }
    }
  });

  it('wakes threads that have gone to sleep', async () => {
    const p = await pool(3);
    p.memory.grow(1);
    const values = new Int32Array(p.memory.buffer, p.dataStart, 8192);
    for (let round = 1; round <= 3; round++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      p.integers.set([p.dataStart, 8192, round]);
      p.run(p.kernel('fill'));
      expect(values[8191]).toBe(round);
    }
  });

  it('reports a kernel that fails in any thread, and stays usable', async () => {
    const p = await pool(2);
    const outside = p.memory.buffer.byteLength - 65_536; // only the second half of the range does not exist
    p.integers.set([outside, 32_768, 1]);
    expect(() => p.run(p.kernel('fill'))).toThrow(/kernel fill failed/);
    p.integers.set([p.dataStart, 4096, 7]);
    p.run(p.kernel('fill'));
    expect(new Int32Array(p.memory.buffer, p.dataStart, 4096)[4095]).toBe(7);
  });

  it('refuses kernels and thread counts that do not exist, by name', async () => {
    const p = await pool(1);
    expect(() => p.kernel('nonsense')).toThrow(/no numerical kernel named nonsense/);
    await expect(KernelPool.create({ modules: ['tensor'], threads: 0 })).rejects.toThrow(/from 1 to 64. Found: 0/);
  });
});

describe('The kernel loader', () => {
  it('takes the relaxed build where the engine has relaxed SIMD, and the plain one on request', () => {
    expect(loadKernelModule('tensor', { build: 'relaxed' }).build).toBe(hasRelaxedSimd() ? 'relaxed' : 'plain');
    expect(loadKernelModule('tensor', { build: 'plain' }).build).toBe('plain');
  });

  it('says how to build kernels that are missing or stale', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kernels-'));
    expect(() => loadKernelModule('tensor', { folder })).toThrow(/are missing. Run `npm run build:wasm`/);
    for (const name of ['tensor.wasm', 'tensor.relaxed.wasm']) writeFileSync(join(folder, name), '');
    writeFileSync(join(folder, 'tensor.sha256'), 'of other sources');
    expect(() => loadKernelModule('tensor', { folder })).toThrow(/do not belong to the present sources.*build:wasm/);
    rmSync(folder, { recursive: true });
  });
});
