import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/goldens/**', 'node_modules/**'],
    setupFiles: ['test/property-seed.ts'],
    // what hangs fails in the end; what is slow on a busy machine does not
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 120_000 } },
    maxWorkers: 2,
    // not the user's
    env: { QRUN_CACHE: process.env['QRUN_CACHE'] ?? join(tmpdir(), 'qrun-test-cache') },
  },
});
