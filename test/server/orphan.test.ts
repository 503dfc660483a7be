import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const entry = join(import.meta.dirname, '..', '..', 'main', 'server', 'engine.ts');

test('an engine whose parent died while it started ends, and does not fill its log', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'isochromat-orphan-'));
  chmodSync(folder, 0o700);
  const engine = spawn(process.execPath, [entry, '--socket', join(folder, 'engine.sock')], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ISOCHROMAT_LOG_DIR: folder, ISOCHROMAT_CONFIG_DIR: folder },
  });
  const ended = once(engine, 'exit');
  // What a killed parent leaves: pipes that nobody reads, and an input that ends after what was said.
  engine.stdout.destroy();
  engine.stderr.destroy();
  engine.stdin.end(`${JSON.stringify({ secret: randomBytes(24).toString('hex'), mode: 'desktop' })}\n`);
  const patience = setTimeout(() => engine.kill('SIGKILL'), 40_000);
  const [, signal] = (await ended) as [number | null, string | null];
  clearTimeout(patience);
  expect(signal).toBe(null);
  const log = join(folder, 'isochromat.log');
  expect(existsSync(log) ? statSync(log).size : 0).toBeLessThan(100_000);
});
