// Long fuzzing: node test/fuzz/run.mjs --minutes N [--only NAME]. Each target of test/fuzz/targets gets its share of the time, from a new seed; a failure is
// shown with the seed and the smallest input that fails.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '5' }, only: { type: 'string' } },
});
const minutes = Number(values.minutes);
if (!(minutes > 0)) {
  console.error('usage: node test/fuzz/run.mjs --minutes N [--only NAME]');
  process.exit(1);
}
const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
const targets = values.only ? 1 : readdirSync(join(here, 'targets')).length;
const only = values.only ? ['-t', values.only] : [];
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', 'test/fuzz', ...only],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, FUZZ_MS: String(Math.ceil((minutes * 60_000) / targets)) },
  },
);
process.exit(status ?? 1);
