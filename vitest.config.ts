import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/peers/**', 'test/bench/**'],
    // Workers of our own (worker_threads, child processes, shared memory) need real processes around them.
    globalSetup: ['test/global-setup.ts'],
    // Logs and identity keys of tests do not belong among the user's own.
    env: {
      ISOCHROMAT_LOG_DIR: resolve('build/test-user/log'),
      ISOCHROMAT_CONFIG_DIR: resolve('build/test-user/config'),
    },
    pool: 'forks',
    maxWorkers: 2,
    // Long enough for a busy machine: only what hangs is to fail by time.
    testTimeout: 120_000,
    hookTimeout: 400_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
