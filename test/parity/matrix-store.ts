import { floatRepr } from '../../records/pickle/python-repr.ts';
import type { ArtifactFolder } from '../../records/tracking/artifact-folder.ts';
import { openStore } from '../../records/tracking/open-store.ts';
import { createR } from '../../records/tracking/r.ts';
import type { TrackingStore } from '../../records/tracking/store.ts';
import type { Run } from '../../records/tracking/types.ts';

let count = 0;

/** Fills a store with everything that `R` and a store can put there. */
export async function write(uri: string): Promise<void> {
  const name = (text: string) => `${text} ${process.pid}-${count++}`;
  const R = createR({ uri, signals: null });
  const experimentName = name("by qrun: 'ü' #1");
  await R.start({ experimentName, recorderName: 'full: ü', tags: { first: 'yes' } }, async () => {
    await R.logParams({
      a: 1,
      'p/q': [1, null],
      'with space': 'a\nb',
      long: 'x'.repeat(5000),
      'ü.-_:': true,
    });
    const curve = [1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-17, 1 / 3, 1e22];
    await R.logMetrics({
      'curve/l2': curve.map((v, i) => [i, v] as const),
      down: [
        [5, 2],
        [-3, 1],
      ],
    });
    await R.setTags({ t: 'ü', empty: '', 'mlflow.note.content': '# hello' });
    await R.saveObjects({ 'a.txt': 'hello', 'b.json': { a: [1] }, 'c.pkl': new Map([['x', 1]]) }, 'deep/er');
    await R.start({ experimentName, recorderName: 'child' }, () => R.logMetrics({ m: 1 }));
  });
  await R.start({ experimentName, recorderName: 'failed' }, () => {
    throw new Error('on purpose');
  }).catch(() => undefined);
  const store = await R.expManager.store();
  const experiment = (await store.getExperimentByName(experimentName))!.experimentId;
  await store.setExperimentTag(experiment, 'team', 'line one\nline two');
  const newRun = (runName: string, experimentId = experiment) =>
    store.createRun({ experimentId, runName, userId: 'u', startTime: Date.now(), tags: { k: runName } });
  const killed = await newRun('killed');
  await store.logBatch(killed.runId, {
    metrics: Array.from({ length: 1000 }, (_, i) => ({
      key: `m${i % 7}`,
      value: i / 7,
      timestamp: 1000 + i,
      step: i,
    })),
    params: Array.from({ length: 100 }, (_, i) => [`p${i}`, String(i)] as const),
    tags: [['t', '1']],
  });
  await store.logInputs(killed.runId, [
    {
      name: 'prices',
      digest: 'abc',
      context: 'train',
      sourceType: 'local',
      source: '{"uri": "a.csv"}',
      schema: '{}',
      profile: null,
      tags: new Map([['k', 'v']]),
    },
  ]);
  await store.updateRun(killed.runId, { status: 'KILLED', endTime: Date.now(), runName: 'true' });
  await newRun('~: # running');
  await store.deleteRun((await newRun('gone')).runId);
  const back = await newRun('back');
  await store.deleteRun(back.runId);
  await store.restoreRun(back.runId);
  const renamed = await store.createExperiment(name('before'), { tags: { a: 'b' } });
  await store.renameExperiment(renamed, name('after/123'));
  const deleted = await store.createExperiment(name('deleted'));
  await newRun('in a deleted one', deleted);
  await store.deleteExperiment(deleted);
  await R.expManager.close();
}

/** What our store sees, in the form of mlflow_matrix.py. */
export async function dump(uri: string): Promise<unknown> {
  const store = await openStore(uri, Date.now);
  const experiments: Record<string, unknown> = {};
  const { items } = await store.searchExperiments({ view: 'ALL', maxResults: 1000 });
  for (const e of items) {
    const found = await store.searchRuns([e.experimentId], { view: 'ALL', maxResults: 5000 });
    const runs = await Promise.all(
      found.items.map(async (run) => [run.info.runId, await runOf(store, run)] as const),
    );
    experiments[e.experimentId] = {
      name: e.name,
      stage: e.lifecycleStage,
      tags: Object.fromEntries(e.tags),
      created: e.creationTime,
      runs: Object.fromEntries(runs),
    };
  }
  await store.close();
  return experiments;
}

async function runOf(store: TrackingStore, { info, data, datasets }: Run): Promise<unknown> {
  const histories = [...data.metrics.keys()].map(async (key) => {
    const points = await store.getMetricHistory(info.runId, key);
    const rows = points.map((p) => [p.timestamp, textOf(p.value), p.step] as const);
    return [
      key,
      rows.sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : a[2] - b[2])),
    ] as const;
  });
  return {
    name: info.runName,
    status: info.status,
    stage: info.lifecycleStage,
    user: info.userId,
    start: info.startTime,
    end: info.endTime,
    params: Object.fromEntries(data.params),
    tags: Object.fromEntries(data.tags),
    metrics: Object.fromEntries([...data.metrics].map(([key, point]) => [key, number(point.value)])),
    history: Object.fromEntries(await Promise.all(histories)),
    datasets: datasets
      .map((d) => [d.name, d.digest, d.sourceType ?? '', d.schema ?? null, [...(d.tags ?? [])].sort()])
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    artifacts: (await files(await store.artifacts(info.runId), '')).sort(),
  };
}

async function files(artifacts: ArtifactFolder, path: string): Promise<string[]> {
  const listed = await artifacts.list(path);
  const nested = await Promise.all(listed.map((f) => (f.isFolder ? files(artifacts, f.path) : [f.path])));
  return nested.flat();
}

const number = (x: number): number | string =>
  Number.isNaN(x) ? 'nan' : Number.isFinite(x) ? x : x > 0 ? 'inf' : '-inf';

const textOf = (x: number): string => (Number.isFinite(x) ? floatRepr(x) : String(number(x)));
