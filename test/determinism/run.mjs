// Runs workflows on 1, 2 and 4 threads and on several versions of Node, and compares all that they compute byte for byte:
//   SP500=/path node test/determinism/run.mjs --config FILE [--config FILE] [--threads 1,2,4] [--node /path/to/node24 ...]
// Without --config the demo workflows, without --node this Node.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    config: { type: 'string', multiple: true, default: [] },
    threads: { type: 'string', default: '1,2,4' },
    node: { type: 'string', multiple: true, default: [] },
  },
});
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', 'test/determinism'],
  {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: 'inherit',
    env: {
      ...process.env,
      DETERMINISM_THREADS: values.threads,
      ...(values.config.length > 0 ? { DETERMINISM_CONFIGS: values.config.join(',') } : {}),
      ...(values.node.length > 0 ? { DETERMINISM_NODES: [process.execPath, ...values.node].join(',') } : {}),
    },
  },
);
process.exit(status ?? 1);
