// Runs the twenty workflow files of tree models in qlib's examples/benchmarks on the demo market: only dates, market, benchmark and data folders are changed, and the
// number of threads. Fetches nothing.
// usage: QLIB_EXAMPLES=FOLDER node run_benchmark_yamls.mjs [--beside PYTHON] [name part ...]   (FOLDER holds qlib's examples or is qlib's git directory; QRUN_DEMO: the
// market's folder, default .cache/demo, which npm start makes). Prints a line each: outcome, file, seconds, IC and Rank IC. With --beside, PYTHON, which has qlib, runs the
// same file too, both with one thread (without Poisson bootstrap, which CatBoost has on graphics cards only, and in the files with minutes with lambdas of 1, because the small
// market lets theirs split nothing: the IC of both is NaN): IC, Rank IC and annualised excess return of both, and how far predictions are apart. Ends with 1 if one fails or an IC is more than 0.002
// apart (for LightGBM and DoubleEnsemble: a prediction by a millionth of their standard deviation).
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const examples = process.env.QLIB_EXAMPLES;
if (!examples)
  throw new Error("QLIB_EXAMPLES must name a folder with qlib's examples, or qlib's git directory");
const { values: flags, positionals: parts } = parseArgs({
  options: { beside: { type: 'string' } },
  allowPositionals: true,
});
const threads = flags.beside ? 1 : 2;
const demo = resolve(root, process.env.QRUN_DEMO ?? '.cache/demo');
const git = (...args) =>
  spawnSync('git', ['--git-dir', examples, ...args], { encoding: 'utf8', maxBuffer: 1e8 }).stdout;

/** Name of every file, and a function that reads it or another. */
function* workflows() {
  if (existsSync(join(examples, 'objects'))) {
    const names = git('ls-tree', '-r', '--name-only', 'HEAD', 'examples/benchmarks').split('\n');
    for (const name of names) yield [name, (file = name) => git('show', `HEAD:${file}`)];
    return;
  }
  for (const entry of readdirSync(examples, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath ?? entry.path, entry.name);
    yield [
      relative(examples, file),
      (name = relative(examples, file)) => readFileSync(join(examples, name), 'utf8'),
    ];
  }
}

const days = {
  '2008-01-01': '2019-01-02',
  '2014-12-31': '2019-12-31',
  '2015-01-01': '2020-01-02',
  '2016-12-31': '2020-06-30',
  '2017-01-01': '2020-07-01',
  '2020-08-01': '2020-12-15',
};
const calendar = readFileSync(join(demo, 'calendars', 'day.txt'), 'utf8')
  .trim()
  .split('\n');
const minuteDays = 90;
/** The last days, of which there are minutes. */
const from = (back) => calendar[calendar.length - back];
const minuteDates = {
  '2008-01-01': from(minuteDays),
  '2014-12-31': from(41),
  '2015-01-01': from(40),
  '2016-12-31': from(26),
  '2017-01-01': from(25),
  '2020-08-01': from(4),
};
const isOldBacktest = /( +)backtest:\n(?: +verbose: False\n)(?:\1 +[^\n]*\n)+/;
const newBacktest = `    backtest:
        start_time: ${minuteDates['2017-01-01']}
        end_time: ${minuteDates['2020-08-01']}
        account: 100000000
        benchmark: *benchmark
        exchange_kwargs: {limit_threshold: 0.095, deal_price: close, open_cost: 0.0005, close_cost: 0.0015, min_cost: 5}
`;
const folder = mkdtempSync(join(tmpdir(), 'benchmarks-'));
let minutes;
let failed = 0;
let count = 0;
for (const [file, read] of workflows()) {
  if (!/(^|\/)(LightGBM|XGBoost|CatBoost|DoubleEnsemble)\/[^/]*\.yaml$/.test(file)) continue;
  if (parts.length > 0 && !parts.some((part) => file.includes(part))) continue;
  count++;
  const isMinute = file.includes('multi_freq');
  let text = read();
  if (isMinute && !minutes) {
    minutes = join(folder, 'minutes');
    const program = join(root, 'test', 'parity', '_minute-market.mjs');
    const made = spawnSync(process.execPath, [program, demo, minutes, '40', String(minuteDays)], {
      stdio: 'inherit',
    });
    if (made.status !== 0) throw new Error('the minute market was not made');
  }
  for (const [old, date] of Object.entries(isMinute ? minuteDates : days)) text = text.replaceAll(old, date);
  text = text
    .replaceAll('~/.qlib/qlib_data/cn_data_1min', minutes)
    .replaceAll('~/.qlib/qlib_data/cn_data', demo)
    .replaceAll(/(num_threads|thread_count|nthread): 20/g, `$1: ${threads}`)
    .replace(/&market \w+/, '&market all')
    .replace(/&benchmark \w+/, '&benchmark DEMO_INDEX');
  if (isOldBacktest.test(text)) {
    console.log(
      `note ${file}: its backtest section and strategy's module are of an older qlib, which real qlib refuses too; those of its sister file are taken`,
    );
    text = text
      .replace(isOldBacktest, newBacktest)
      .replace('qlib.contrib.strategy.strategy', 'qlib.contrib.strategy');
  }
  if (flags.beside)
    text = text
      .replace('bootstrap_type: Poisson', 'bootstrap_type: Bernoulli')
      .replace(/lambda_(l\d): [\d.]+/g, isMinute ? 'lambda_$1: 1' : '$&');
  const config = join(folder, basename(file));
  writeFileSync(config, text);
  const start = performance.now();
  const qrun = (...args) =>
    spawnSync(process.execPath, [join(root, 'runner/bin/qrun.mjs'), ...args], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1e8,
    });
  const run = qrun(config);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const figure = (name) =>
    run.stdout.match(new RegExp(`(^|  )${name} (-?[\\d.e-]+|NaN)`, 'm'))?.[2] ?? 'none';
  if (run.status !== 0) failed++;
  console.log(
    `${run.status === 0 ? 'ok  ' : 'FAIL'} ${file} ${seconds} s${run.status === 0 ? `, IC ${figure('IC')}, Rank IC ${figure('Rank IC')}` : ''}`,
  );
  if (run.status === 0 && flags.beside && !beside(file, read, config)) failed++;
  if (run.status !== 0) console.log(`${run.stdout}\n${run.stderr}`.trim().split('\n').slice(-8).join('\n'));
}

/** Runs the workflow with real qlib; returns whether the results agree. */
function beside(file, read, config) {
  const own = join(folder, `qlib-${count}`);
  mkdirSync(own);
  for (const [, module] of readFileSync(config, 'utf8').matchAll(/module_path: (\w+\.py)$/gm))
    writeFileSync(join(own, module), read(join(dirname(file), module)));
  const begin = performance.now();
  const { status, stdout, stderr } = spawnSync(
    flags.beside,
    [join(root, 'test', 'parity', '_benchmark_run.py'), config, folder],
    { cwd: own, encoding: 'utf8', maxBuffer: 1e8, env: { ...process.env, PYTHONHASHSEED: '0' } },
  );
  if (status !== 0) {
    const lines = stderr.trim().split('\n');
    console.log(
      `     qlib: failed\n${[...lines.filter((line) => /^\w*Error/.test(line)), lines.at(-1)].join('\n')}`,
    );
    return false;
  }
  const { ours, qlib, apart } = JSON.parse(stdout.trim().split('\n').at(-1));
  const each = Object.keys(qlib).map(
    (name) => `${name} ${ours[name] ?? 'NaN'} of ours, ${qlib[name] ?? 'NaN'} of qlib's`,
  );
  const took = ((performance.now() - begin) / 1000).toFixed(1);
  console.log(`     qlib ${took} s; ${each.join('; ')}; predictions ${apart.toExponential(1)} apart`);
  return /LightGBM|DoubleEnsemble/.test(file) ? apart <= 1e-6 : Math.abs(ours.IC - qlib.IC) <= 0.002;
}
console.log(`${count - failed} of ${count} ran; runs are in ${folder}`);
process.exitCode = failed > 0 ? 1 : 0;
