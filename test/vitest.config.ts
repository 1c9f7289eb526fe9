import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/goldens/**', 'node_modules/**'],
    setupFiles: ['test/property-seed.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // not the user's
    env: { QRUN_CACHE: process.env['QRUN_CACHE'] ?? join(tmpdir(), 'qrun-test-cache') },
  },
});
