// Runs the tree models' workflow files of qlib's examples/benchmarks on the demo market: only dates, market, benchmark and data folder are changed.
// usage: node run_benchmark_yamls.mjs QLIB_GIT_DIR [name part ...]   (QRUN_DEMO: the market's folder, default .cache/demo; npm start makes it)
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const [git, ...parts] = process.argv.slice(2);
const demo = resolve(root, process.env.QRUN_DEMO ?? '.cache/demo');
const show = (...args) =>
  spawnSync('git', ['--git-dir', git, ...args], { encoding: 'utf8', maxBuffer: 1e8 }).stdout;
const files = show('ls-tree', '-r', '--name-only', 'HEAD', 'examples/benchmarks')
  .split('\n')
  .filter((f) => /\/(LightGBM|XGBoost|CatBoost|DoubleEnsemble)\/.*\.yaml$/.test(f))
  .filter((f) => parts.length === 0 || parts.some((part) => f.includes(part)));

const dates = {
  '2008-01-01': '2019-01-02',
  '2014-12-31': '2019-12-31',
  '2015-01-01': '2020-01-02',
  '2016-12-31': '2020-06-30',
  '2017-01-01': '2020-07-01',
  '2020-08-01': '2020-12-15',
};
const folder = mkdtempSync(join(tmpdir(), 'benchmarks-'));
let failed = 0;
for (const file of files) {
  let text = show('show', `HEAD:${file}`);
  for (const [from, to] of Object.entries(dates)) text = text.replaceAll(from, to);
  text = text
    .replaceAll('~/.qlib/qlib_data/cn_data', demo)
    .replace(/&market \w+/, '&market all')
    .replace(/&benchmark \w+/, '&benchmark DEMO_INDEX');
  const config = join(folder, basename(file));
  writeFileSync(config, text);
  const start = performance.now();
  const run = spawnSync(process.execPath, [join(root, 'runner/bin/qrun.mjs'), config], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (run.status !== 0) failed++;
  console.log(`${run.status === 0 ? 'ok  ' : 'FAIL'} ${file} ${seconds} s`);
  if (run.status !== 0) console.log(`${run.stdout}\n${run.stderr}`.trim().split('\n').slice(-8).join('\n'));
}
console.log(`${files.length - failed} of ${files.length} ran; runs are in ${folder}`);
process.exitCode = failed > 0 ? 1 : 0;
