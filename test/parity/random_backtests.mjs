// Random backtests, drawn from a seed, run by real qlib and by us: PEER=FOLDER node test/parity/random_backtests.mjs [COUNT] [SEED]
// PEER is a Python environment with qlib. DATA names the data folder (default ../shared/sp500/qlib; `minutes` is a
// made-up market with minutes), REGION its region (us). With QLIB_SOURCE,
// a later source tree of qlib, SoftTopkStrategy is drawn as well. ENHANCED=<name of an index weight> draws EnhancedIndexingStrategy alone
// (weights to 1e-4; ECOS must be there). KEEP names a folder for the cases, to be compared again without qlib
// (COUNT 0). Prints what differs by more than 1e-6 (relative), and where we run what qlib fails at; ends with 1 if anything differs.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const [count = 50, seed = 1] = process.argv.slice(2).map(Number);
const { PEER: peer, DATA: data = '../shared/sp500/qlib', REGION: region = 'us', KEEP: keep } = process.env;
if (!peer && count > 0) throw new Error('PEER must name the folder of a Python environment with qlib');
const folder = keep ?? mkdtempSync(join(tmpdir(), 'qrun-backtests-'));
mkdirSync(folder, { recursive: true });
try {
  const market = data === 'minutes' ? join(folder, 'minutes') : resolve(root, data);
  if (count > 0)
    run(join(peer, 'bin/python'), [
      join(root, 'test/parity/random_backtests.py'),
      market,
      region,
      folder,
      count,
      seed,
    ]);
  const { build } = await import('esbuild');
  const program = join(root, process.env.QRUN_DIST || 'dist', 'parity', '_random-backtests.mjs');
  await build({
    ...{ entryPoints: [join(root, 'test/parity/_random-backtests.ts')], outfile: program, bundle: true },
    ...{ format: 'esm', platform: 'node', target: 'node20', packages: 'external', logLevel: 'warning' },
  });
  process.exitCode = run(process.execPath, [program, market, region, folder], 'inherit');
} finally {
  if (!keep) rmSync(folder, { recursive: true, force: true });
}

function run(name, args, output = 'ignore') {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONHASHSEED: '0' };
  const { status, stderr } = spawnSync(name, args.map(String), {
    env,
    stdio: ['ignore', output, output === 'ignore' ? 'pipe' : output],
  });
  if (status !== 0 && output === 'ignore')
    throw new Error(`${name} ended with ${status}: ${String(stderr).slice(-2000)}`);
  return status;
}
