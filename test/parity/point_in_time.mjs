// Point-in-time fields, P and PRef beside real qlib: PEER=FOLDER DUMP_PIT=dump_pit.py node test/parity/point_in_time.mjs [SEED]
// PEER is a Python environment with qlib, fire, tqdm and loguru; DUMP_PIT the script of that name in qlib's repository (scripts/); DATA another data folder than
// ../shared/sp500/qlib with the instruments that point_in_time.py names. Values may differ by 1e-6 (relative), errors must be errors on both
// sides, and what `qrun data import --pit` makes of the CSV files must equal what dump_pit.py made, byte for byte (up to the order of the records of one day).
// Ends with 1 if anything differs.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ourSide, root, run } from './our_side.mjs';

const seed = process.argv[2] ?? '1';
const { PEER: peer, DUMP_PIT: script } = process.env;
if (!peer || !script) throw new Error('PEER and DUMP_PIT must be set');
const source = resolve(root, process.env.DATA || '../shared/sp500/qlib');
const folder = mkdtempSync(join(tmpdir(), 'qrun-pit-'));
let different = 0;
const tell = (text) => {
  different++;
  console.log(text);
};
try {
  const out = join(folder, 'qlib');
  run(join(peer, 'bin/python'), [
    join(root, 'test/parity/point_in_time.py'),
    source,
    resolve(script),
    out,
    seed,
  ]);
  const theirs = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'));
  const ours = await ourSide(
    join(out, 'data'),
    {
      expressions: theirs.map(({ expression }) => expression),
      ...{ instruments: ['AAPL', 'GE', 'KIM', 'ABBV'], start: '2009-01-01', end: '2012-12-31' },
    },
    folder,
  );
  theirs.forEach((want, i) => {
    const problem = compare(want, ours[i]);
    if (problem) tell(`${want.expression}\n  ${problem}`);
  });
  const files = compareImports(out);
  console.log(
    `${theirs.length} expressions and ${files} files, seed ${seed}: ${different} differ; qlib refused ${theirs.filter((t) => t.error).length}`,
  );
  process.exitCode = different > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function compare(want, got) {
  if (want.error || got.error)
    return want.error && got.error
      ? undefined
      : `qlib ${want.error ?? 'computes it'}; qrun ${got.error ?? 'computes it'}`;
  const keys = Object.keys(want.values);
  if (keys.length !== Object.keys(got.values).length)
    return `${Object.keys(got.values).length} rows, qlib has ${keys.length}`;
  for (const key of keys) {
    const [a, b] = [want.values[key], got.values[key]];
    if (a === null && b === null) continue;
    if (a === null || !(Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b))))
      return `${key}: ${b}, qlib has ${a}`;
  }
  return undefined;
}

/** What we import from the same CSV files into an empty folder; returns the number of files compared. */
function compareImports(out) {
  const target = join(folder, 'imported');
  for (const [freq, csv] of [
    ['quarterly', 'csv_q'],
    ['annual', 'csv_a'],
  ])
    run(process.execPath, [
      join(root, 'runner/bin/qrun.mjs'),
      ...['data', 'import', join(out, csv), target, '--pit', '--freq', freq],
    ]);
  let count = 0;
  const financial = join(out, 'data', 'financial');
  for (const name of readdirSync(financial)) {
    const files = readdirSync(join(financial, name));
    const own = readdirSync(join(target, 'financial', name));
    if (files.sort().join() !== own.sort().join()) tell(`${name}: ${own} imported, qlib has ${files}`);
    for (const file of files) {
      const [theirs, mine] = [financial, join(target, 'financial')].map((place) =>
        readFileSync(join(place, name, file)),
      );
      // numpy sorts more than 16 records without keeping the order of a day, ours stays as it was in the file
      if (
        file.endsWith('.index') &&
        hasTies(readFileSync(join(financial, name, file.replace('index', 'data'))))
      )
        continue;
      count++;
      const isEqual = hasTies(theirs)
        ? recordsOf(theirs).sort().join() === recordsOf(mine).sort().join()
        : theirs.equals(mine);
      if (!isEqual) tell(`${name}/${file} is imported with other bytes than dump_pit.py writes`);
    }
  }
  return count;
}

function recordsOf(bytes) {
  return Array.from({ length: bytes.length / 20 }, (_, r) => bytes.toString('hex', 20 * r, 20 * r + 16));
}

/** Whether a file of records has several of one day, and so many that their order is up to numpy. */
function hasTies(bytes) {
  const days = recordsOf(bytes).map((record) => record.slice(0, 8));
  return bytes.length % 20 === 0 && days.length > 16 && new Set(days).size < days.length;
}
