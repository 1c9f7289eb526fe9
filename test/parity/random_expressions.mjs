// Random expressions, drawn from a seed, evaluated by real qlib and by us: PEER=FOLDER node test/parity/random_expressions.mjs [COUNT] [SEED]
// PEER is a Python environment with qlib; DATA another data folder than ../shared/sp500/qlib, with INSTRUMENTS, START, END and FREQ of it. Prints what differs by more than 1e-6 (relative), ends
// with 1 if anything does. An expression on which one side fails and the other does not differs too.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ourSide, root, run } from './our_side.mjs';

const [count = 200, seed = 7] = process.argv.slice(2).map(Number);
const peer = process.env.PEER;
if (!peer) throw new Error('PEER must name the folder of a Python environment with qlib');
const data = resolve(root, process.env.DATA || '../shared/sp500/qlib');
const tolerance = 1e-6;

/** Mulberry32. */
function generator(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const random = generator(seed);
const pick = (list) => list[Math.floor(random() * list.length)];
const fields = ['$close', '$open', '$high', '$low', '$volume', '$change', '$factor'];
const instruments = (process.env.INSTRUMENTS || 'AAPL,KIM,ABBV,GE,VIAC').split(',');
const windows = [1, 2, 3, 5, 10, 20, 60];
const rolling = [
  'Mean',
  'Sum',
  'Std',
  'Var',
  'Skew',
  'Kurt',
  'Max',
  'Min',
  'IdxMax',
  'IdxMin',
  'Med',
  'Mad',
  'Rank',
  'Count',
  'Delta',
  'Slope',
  'Rsquare',
  'Resi',
  'WMA',
  'EMA',
];

/** An expression that is a number; `depth` bounds its operators. */
function number(depth) {
  if (depth === 0) return random() < 0.85 ? pick(fields) : pick(fields);
  const below = () => number(depth - 1 - (random() < 0.3 ? 1 : 0) < 0 ? 0 : depth - 1);
  const kind = random();
  if (kind < 0.45) return `${pick(rolling)}(${below()},${pick(windows)})`;
  if (kind < 0.52) return `Ref(${below()},${pick([1, 2, 5, -1, -2, 10])})`;
  if (kind < 0.57) return `Quantile(${below()},${pick(windows)},${pick([0.2, 0.5, 0.8])})`;
  if (kind < 0.63) return `${pick(['Corr', 'Cov'])}(${below()},${below()},${pick([5, 10, 20])})`;
  if (kind < 0.72) return `${pick(['Abs', 'Sign', 'Log'])}(${below()})`;
  if (kind < 0.76) return `Power(${below()},2)`;
  if (kind < 0.8)
    return `${pick(['Greater', 'Less'])}(${below()},${random() < 0.3 ? pick([0, 1, 0.5]) : below()})`;
  if (kind < 0.85) return `If(${condition(depth - 1)},${below()},${below()})`;
  if (kind < 0.88) return `EMA(${below()},${pick([0.1, 0.5, 0.05])})`;
  if (kind < 0.9)
    return `${pick(['Mean', 'Sum', 'Max', 'Min', 'Std', 'Count', 'Rank', 'Med', 'Slope', 'EMA'])}(${below()},0)`;
  if (kind < 0.91) return `${pick(['Mean', 'Sum', 'Max', 'Std'])}(${below()},${pick([0.2, 0.6])})`;
  if (kind < 0.93) return `ChangeInstrument('${pick(instruments)}',${below()})`;
  if (kind < 0.95) return `${pick(['Count', 'Mean', 'Sum'])}(${condition(depth - 1)},${pick([3, 10, 0])})`;
  return `(${below()}${pick(['+', '-', '*', '/'])}${random() < 0.25 ? pick([1, 2, 0.5, 1e-12]) : below()})`;
}

function condition(depth) {
  const compare = () =>
    `(${number(Math.max(0, depth))}${pick(['>', '<', '>=', '<='])}${random() < 0.3 ? 0 : number(Math.max(0, depth))})`;
  const kind = random();
  if (kind < 0.75) return compare();
  return kind < 0.9 ? `(${compare()}${pick(['&', '|'])}${compare()})` : `Not(${compare()})`;
}

const expressions = Array.from({ length: count }, () => number(1 + Math.floor(random() * 3)));
const request = {
  expressions,
  ...{ instruments, freq: process.env.FREQ || 'day' },
  start: process.env.START || '2012-06-01',
  end: process.env.END || '2014-12-31',
};

const folder = mkdtempSync(join(tmpdir(), 'qrun-random-'));
try {
  const file = join(folder, 'request.json');
  writeFileSync(file, JSON.stringify(request));
  const theirs = run(join(peer, 'bin/python'), [
    join(root, 'test/parity/random_expressions.py'),
    data,
    file,
    join(folder, 'qlib'),
  ])
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const ours = await ourSide(data, request, folder);
  const labels = readFileSync(join(folder, 'qlib.labels'), 'utf8').split('\n');
  const bytes = new Uint8Array(readFileSync(join(folder, 'qlib.values')));
  const values = new Float32Array(bytes.buffer);
  let at = 0;
  let different = 0;
  let refused = 0;
  expressions.forEach((expression, i) => {
    const [want, got] = [theirs[i], ours[i]];
    const own = want.rows === undefined ? [] : values.subarray(at, (at += want.rows));
    const problem = compare(want, got, JSON.parse(labels[i]), own);
    if (want.error) refused++;
    if (!problem) return;
    different++;
    console.log(`${expression}\n  ${problem}`);
  });
  console.log(`${count} expressions, seed ${seed}: ${different} differ; qlib refused ${refused}`);
  process.exitCode = different > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** What is different between qlib's rows and ours; undefined if nothing. */
function compare(want, got, labels, column) {
  if (want.error || got.error)
    return want.error && got.error
      ? undefined
      : `qlib ${want.error ?? 'computes it'}; qrun ${got.error ?? 'computes it'}`;
  const rows = Object.keys(got.values).length;
  if (rows !== labels.length) return `${rows} rows, qlib has ${labels.length}`;
  let worst = 0;
  let text;
  labels.forEach(([name, day], k) => {
    const mine = got.values[`${name} ${day}`];
    const a = column[k];
    const b = mine === null ? Number.NaN : Math.abs(mine) === 1e300 ? Math.sign(mine) * Infinity : mine;
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return;
    const apart = Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
    const size = Number.isNaN(apart) ? Infinity : apart;
    if (size > worst) {
      worst = size;
      if (size > tolerance) text = `${name} ${day}: ${b}, qlib has ${a}`;
    }
  });
  return text;
}
