// Every version of MLflow and qrun read and write each other's stores, files and SQLite: one line a cell, status 1 where one fails.
// usage: node mlflow_matrix.mjs PYTHON...   (each a Python with another mlflow; CHECK_CLIENT names a script of checks that takes a tracking uri)
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const outfile = join(root, process.env.QRUN_DIST || 'dist', 'parity', 'matrix-store.mjs');
await build({
  entryPoints: [join(root, 'test', 'parity', 'matrix-store.ts')],
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  outfile,
});
const { write, dump } = await import(pathToFileURL(outfile).href);

const pythons = process.argv.slice(2);
if (pythons.length === 0) throw new Error('usage: node mlflow_matrix.mjs PYTHON...');
const folder = mkdtempSync(join(tmpdir(), 'matrix-'));
const versions = pythons.map((python) => ({
  python,
  version: python_(python, ['-c', 'import mlflow; print(mlflow.__version__)']),
}));
let failed = 0;
let count = 0;
for (const kind of ['file', 'sqlite']) {
  for (const { python, version } of versions) {
    const name = `MLflow ${version}, ${kind}`;
    const theirs = newUri(kind);
    await cell(`${name}: qrun reads what MLflow wrote`, () => same(theirs, python, 'write'));
    await cell(`${name}: MLflow reads what qrun wrote into that`, () => ours(theirs, python));
    const own = newUri(kind);
    await cell(`${name}: MLflow reads a store of qrun's`, () => ours(own, python));
    await cell(`${name}: qrun reads what MLflow wrote into that`, () => same(own, python, 'write'));
    await cell(`${name}: both read what qrun wrote after that`, () => ours(own, python));
    if (process.env.CHECK_CLIENT) {
      const checked = newUri(kind);
      await cell(`${name}: checks of MLflow's client on a store of qrun's`, async () => {
        await write(checked);
        return python_(python, [process.env.CHECK_CLIENT, checked]).split('\n').at(-1);
      });
      await cell(`${name}: qrun reads what the checks left`, () => same(checked, python, 'dump'));
    }
  }
  const shared = newUri(kind);
  await cell(`${kind}: one store of qrun's, read and written by all versions in turn`, async () => {
    let seen = '';
    for (const { python } of versions) {
      await ours(shared, python);
      seen = await same(shared, python, 'write');
    }
    return ours(shared, versions.at(-1).python).then(() => seen);
  });
}
rmSync(folder, { recursive: true });
console.log(`${count - failed} of ${count} cells hold`);
process.exitCode = failed > 0 ? 1 : 0;

function newUri(kind) {
  const path = join(mkdtempSync(join(folder, 'store-')), kind === 'file' ? 'mlruns' : 'runs.db');
  return kind === 'file' ? pathToFileURL(path).href : `sqlite:///${path}`;
}

async function ours(uri, python) {
  await write(uri);
  return same(uri, python, 'dump');
}

/** Compares what both see; `command` may write before. */
async function same(uri, python, command) {
  const script = join(root, 'test', 'parity', 'mlflow_matrix.py');
  const theirs = JSON.parse(python_(python, [script, command, uri]).split('\n').at(-1));
  const mine = await dump(uri);
  const place = difference(mine, theirs, '');
  if (place) throw new Error(place);
  const runs = Object.values(theirs).flatMap((e) => Object.values(e.runs));
  return `${Object.keys(theirs).length} experiments, ${runs.length} runs`;
}

function difference(a, b, path) {
  if (isDeepStrictEqual(a, b)) return '';
  const isTree = (v) => v !== null && typeof v === 'object';
  if (!isTree(a) || !isTree(b))
    return `${path}: qrun ${JSON.stringify(a)?.slice(0, 200)}, MLflow ${JSON.stringify(b)?.slice(0, 200)}`;
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const found = difference(a[key], b[key], `${path}/${key}`);
    if (found) return found;
  }
  return `${path}: differ`;
}

function python_(python, args) {
  const run = spawnSync(python, args, { encoding: 'utf8', cwd: '/', maxBuffer: 1e9, timeout: 600_000 });
  if (run.status !== 0)
    throw new Error(
      `${(run.stdout ?? '')
        .trim()
        .split('\n')
        .filter((l) => l.startsWith('FAIL'))
        .slice(0, 5)
        .join('\n')}\n${(run.stderr ?? '').trim().split('\n').slice(-3).join('\n')}`,
    );
  return run.stdout.trim();
}

async function cell(name, work) {
  count++;
  try {
    console.log(`ok   ${name}: ${await work()}`);
  } catch (error) {
    failed++;
    console.log(`FAIL ${name}: ${error.message}`);
  }
}
