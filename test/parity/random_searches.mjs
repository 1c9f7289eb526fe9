// Random filters, orders, views and page sizes, over one store, asked of qrun and of MLflow; prints where the answers differ.
// usage: node random_searches.mjs PYTHON [COUNT] [SEED]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const outfile = join(root, process.env.QRUN_DIST || 'dist', 'parity', 'open-store.mjs');
await build({
  entryPoints: [join(root, 'records', 'tracking', 'open-store.ts')],
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  outfile,
});
const { openStore } = await import(pathToFileURL(outfile).href);
const [python, count = '300', seed = '1'] = process.argv.slice(2);
let state = Number(seed);
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};
const one = (items) => items[Math.floor(random() * items.length)];

const numbers = [0, 1, -1, 0.5, 1e-7, 3, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const texts = ['a', 'A', 'ab', 'a%', 'a_b', "it's", 'ü', 'Z', '', '10', '9', 'x y', '\u{1f4c8}', '\uffee'];
const keys = ['m', 'a b', 'x/y', 'k.l'];

async function fill(store) {
  const experiments = [await store.createExperiment('one'), await store.createExperiment('two')];
  for (let i = 0; i < 40; i++) {
    const { runId } = await store.createRun({
      experimentId: one(experiments),
      runName: one(texts) || 'n',
      userId: one(['u', 'v']),
      startTime: 1000 + Math.floor(random() * 5),
    });
    const some = (make) => keys.filter(() => random() < 0.6).map(make);
    await store.logBatch(runId, {
      metrics: some((key) => ({ key, value: one(numbers), timestamp: 1 + i, step: 0 })),
      params: some((key) => [key, one(texts)]),
      tags: some((key) => [key, one(texts)]),
    });
    if (random() < 0.4)
      await store.logInputs(runId, [
        { name: one(['d', 'e']), digest: one(['1', '2']), context: one(['train', 'test']) },
      ]);
    if (random() < 0.6)
      await store.updateRun(runId, { status: one(['FINISHED', 'FAILED', 'KILLED']), endTime: 2000 + i });
    if (random() < 0.2) await store.deleteRun(runId);
  }
}

const quoted = (name) => (/^\w+$/.test(name) ? name : one([`"${name}"`, `\`${name}\``]));
const literal = (text) => (text.includes("'") ? `"${text}"` : `'${text}'`);
const like = () => one(['%', 'a%', '%b', '_', 'A%', '%u%', 'ü', '%.%', 'a\\_b', 'x y']);

function clause() {
  const compare = (key) => {
    const op = one(['=', '!=', 'LIKE', 'ILIKE', 'like']);
    return `${key} ${op} ${/like/i.test(op) ? literal(like()) : literal(one(texts))}`;
  };
  return one([
    () =>
      `${one(['metrics', 'metric'])}.${quoted(one(keys))} ${one(['=', '!=', '<', '<=', '>', '>='])} ${one(['0', '1', '-1', '0.5', '1e-7', '3'])}`,
    () => compare(`${one(['params', 'param', 'parameters'])}.${quoted(one(keys))}`),
    () => compare(`${one(['tags', 'tag'])}.${quoted(one(keys))}`),
    () => `${one(['params', 'tags'])}.${quoted(one(keys))} IS ${one(['', 'NOT '])}NULL`,
    () =>
      compare(one(['attributes.run_name', 'run_name', 'attr.run_name', '`run name`', 'tags.mlflow.runName'])),
    () =>
      `${one(['status', 'attribute.status'])} ${one(['=', '!='])} '${one(['RUNNING', 'FINISHED', 'FAILED'])}'`,
    () =>
      `${one(['start_time', 'created', 'attributes.end_time'])} ${one(['<', '>=', '=', '!='])} ${one(['1002', '2010'])}`,
    () =>
      `datasets.${one(['name', 'digest', 'context'])} ${one(["= 'd'", "IN ('d', '1', 'train')", "NOT IN ('d', '1')", "LIKE 't%'", "!= 'e'"])}`,
    () => `user_id ${one(['=', '!='])} 'u'`,
    () =>
      one([
        'metrics.m = "1"',
        'params.m = 1',
        'foo.bar = 1',
        "status IN ('RUNNING')",
        'run_id IN ()',
        'params.m',
        "params.m = 'a' OR params.m = 'b'",
      ]),
  ])();
}

function order() {
  const key = one([
    () => `metrics.${quoted(one(keys))}`,
    () => `params.${quoted(one(keys))}`,
    () => `tags.${quoted(one(keys))}`,
    () => one(['start_time', 'attributes.end_time', 'attributes.status', 'run_name', 'created']),
  ])();
  return `${key}${one(['', ' ASC', ' DESC', ' desc'])}`;
}

/** MLflow's SQLite store refuses to sort by a key twice, its file store does not; ours sorts. */
function withoutTwice(orders) {
  const key = (text) =>
    text
      .replace(/ (?:asc|desc)$/i, '')
      .replace(/[`"]/g, '')
      .replace('created', 'start_time');
  return orders.filter((text, i) => orders.findIndex((other) => key(other) === key(text)) === i);
}

const queries = Array.from({ length: Number(count) }, () => ({
  filter: Array.from({ length: Math.floor(random() * 4) }, clause).join(one([' AND ', ' and '])),
  order_by: withoutTwice(Array.from({ length: Math.floor(random() * 3) }, order)),
  view: one(['active_only', 'deleted_only', 'all']),
  max_results: one([1, 7, 40, 1000]),
}));

let differ = 0;
for (const kind of ['file', 'sqlite']) {
  const folder = mkdtempSync(join(tmpdir(), 'searches-'));
  const uri = kind === 'file' ? `file://${folder}/mlruns` : `sqlite:///${folder}/runs.db`;
  const store = await openStore(uri, Date.now);
  await fill(store);
  const { items } = await store.searchExperiments();
  const ids = items.map((e) => e.experimentId);
  const ask = async ({ filter, order_by: orderBy, view, max_results: maxResults }) => {
    const found = [];
    let pageToken;
    try {
      do {
        const page = await store.searchRuns(ids, {
          ...{ filter, orderBy, maxResults, pageToken },
          view: view.toUpperCase(),
        });
        found.push(...page.items.map((run) => run.info.runId));
        pageToken = page.nextPageToken;
      } while (pageToken);
      return found;
    } catch (error) {
      if (error.name !== 'TrackingError') throw error;
      return 'refused';
    }
  };
  const ours = [];
  for (const query of queries) ours.push(await ask(query));
  const run = spawnSync(python, [join(root, 'test', 'parity', 'random_searches.py'), uri], {
    ...{ input: JSON.stringify(queries), encoding: 'utf8', cwd: '/', maxBuffer: 1e9 },
  });
  if (run.status !== 0) throw new Error(run.stderr.slice(-2000));
  const theirs = JSON.parse(run.stdout.trim().split('\n').at(-1));
  queries.forEach((query, i) => {
    if (JSON.stringify(ours[i]) === JSON.stringify(theirs[i])) return;
    differ++;
    const shown = (x) => (x === 'refused' ? x : `${x.length} runs`);
    console.log(`${kind}: qrun ${shown(ours[i])}, MLflow ${shown(theirs[i])}: ${JSON.stringify(query)}`);
  });
  await store.close();
  rmSync(folder, { recursive: true });
}
console.log(`${differ} of ${2 * queries.length} searches differ`);
