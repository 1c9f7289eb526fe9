// Long fuzzing: node test/fuzz/run.mjs --minutes N [--only NAME]. Each target of test/fuzz/targets gets its share of the time, from a new seed; a failure is
// shown with the seed and the smallest input that fails. --properties N: the unit tests N times, their property tests with a new seed each time.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    only: { type: 'string' },
    properties: { type: 'string' },
  },
});
const minutes = Number(values.minutes);
const rounds = Number(values.properties ?? 0);
if (!(minutes > 0) || !(rounds >= 0)) {
  console.error('usage: node test/fuzz/run.mjs --minutes N [--only NAME] | --properties N [--only NAME]');
  process.exit(1);
}
const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');

/** One run of vitest, its property tests from a new seed. */
function vitest(args, env) {
  const seed = String(Math.floor(Math.random() * 2 ** 31));
  console.log(`PROPERTY_SEED=${seed}`);
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', ...args],
    { cwd: root, stdio: 'inherit', env: { ...process.env, PROPERTY_SEED: seed, ...env } },
  );
  return status ?? 1;
}

if (rounds > 0) {
  for (let round = 0; round < rounds; round++) {
    const status = vitest(values.only ? [values.only] : [], {});
    if (status !== 0) process.exit(status);
  }
} else {
  const targets = values.only ? 1 : readdirSync(join(here, 'targets')).length;
  const only = values.only ? ['-t', values.only] : [];
  process.exit(vitest(['test/fuzz', ...only], { FUZZ_MS: String(Math.ceil((minutes * 60_000) / targets)) }));
}
