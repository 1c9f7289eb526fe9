import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PyFloat, PyTimestamp, PyTuple } from '../../../components/core/python.ts';
import { floatRepr } from '../../../records/pickle/python-repr.ts';
import { parseMeta } from '../../../records/tracking/file/meta-yaml.ts';
import { createR, type QlibRecorder } from '../../../records/tracking/r.ts';
import { quietEnvironment } from '../../records/tracking/support.ts';
import { type Check, err } from './experiment-checks.ts';

const during = <T>(R: QlibRecorder, work: () => Promise<T>) =>
  R.start({ experimentName: 'e', recorderName: 'r' }, work);

/** Cases about what is logged and saved. */
export const loggingChecks: Readonly<Record<string, Check>> = {
  log_metrics_values: ({ R }) =>
    during(R, async () => {
      const rec = await R.getRecorder();
      await R.logMetrics({ a: 1, b: 0.1, c: 1 / 3, d: 1e-300, e: Number.NaN, f: Number.POSITIVE_INFINITY });
      await R.logMetrics({ g: Math.fround(0.1), h: true, i: 12345678901234567890n });
      // "a" is a metric already: "a/b" cannot be kept. qlib's logging thread dies of it in silence.
      await err(() => R.logMetrics({ 'Rank IC': 0.5, '1day.x_y.z': 2, 'a/b': 3 }));
      const metrics = Object.entries(await rec.listMetrics()).map(
        ([k, v]) => [k, ['float', floatRepr(v)]] as const,
      );
      return Object.fromEntries(metrics.sort(([x], [y]) => (x < y ? -1 : 1)));
    }),
  async log_metrics_steps({ R }) {
    const rec = await during(R, async () => {
      for (const [step, m] of [
        [0, 1],
        [2, 3],
        [1, 2],
      ] as const)
        await R.logMetrics({ m }, step);
      for (const n of [1, 2]) {
        await R.logMetrics({ n });
        await sleep(20);
      }
      for (const k of [1, 0.5]) {
        await R.logMetrics({ k }, 5);
        await sleep(20);
      }
      return R.getRecorder();
    });
    const store = await R.expManager.store();
    const history = async (key: string) =>
      (await store.getMetricHistory(rec.id, key)).map((p) => [p.step, p.value]);
    return {
      latest: await rec.listMetrics(),
      history_m: await history('m'),
      history_n: await history('n'),
      history_k: await history('k'),
    };
  },
  async log_params_values({ R }) {
    const values = {
      i: 1,
      f: 0.1,
      e: 1e-7,
      big: 1e22,
      t: true,
      n: null,
      s: 'x y',
      l: [1, 'a'],
      d: { a: 1, b: [null] },
      tup: new PyTuple([1, 2]),
      np32: 0.1,
      np64: new PyFloat(0.1),
      npi: 3n,
      ts: new PyTimestamp(Date.UTC(2020, 0, 2)),
      empty: '',
      uni: '中文',
      nl: 'a\nb',
      cls: function dict() {},
    };
    const rec = await during(R, async () => {
      await R.logParams(values);
      return R.getRecorder();
    });
    const params = await rec.listParams();
    return Object.fromEntries(Object.keys(values).map((k) => [k, params[k] ?? '<absent>']));
  },
  async log_params_long_and_odd_keys({ R }) {
    const cases: Record<string, Record<string, unknown>> = {
      len500: { a: 'x'.repeat(500) },
      len1000: { a: 'x'.repeat(1000) },
      len1001: { a: 'x'.repeat(1001) },
      len6000: { a: 'x'.repeat(6000) },
      len6001: { a: 'x'.repeat(6001) },
      slash: { 'a/b': 1 },
      colon: { 'a:b': 1 },
      space_dash_dot: { 'a b-c.d_e': 1 },
      bracket: { 'a[0]': 1 },
      unicode_key: { 中: 1 },
      dotdot: { '../x': 1 },
      key251: { ['k'.repeat(251)]: 1 },
    };
    const out: Record<string, unknown> = {};
    for (const [name, params] of Object.entries(cases))
      out[name] = await during(R, async () => {
        const failed = await err(() => R.logParams(params));
        if (failed) return failed;
        const stored = Object.entries(await (await R.getRecorder()).listParams());
        return Object.fromEntries(
          stored.filter(([k]) => k !== 'cmd-sys.argv').map(([k, v]) => [k.slice(0, 10), v.length]),
        );
      });
    return out;
  },
  async automatic_params_tags_artifacts({ R: base }) {
    const environment = { ...quietEnvironment, variables: { _QLIB_GOLDEN: '1' } };
    const R = createR({ uri: base.getUri(), environment, signals: null });
    const rec = await during(R, () => R.getRecorder());
    const tags = await rec.listTags();
    return {
      params: Object.keys(await rec.listParams()).sort(),
      tags: Object.keys(tags).sort(),
      runName: tags['mlflow.runName'],
      'source.type': tags['mlflow.source.type'],
      artifacts: await rec.listArtifacts(),
    };
  },
  async tags({ R }) {
    let missing: unknown;
    const rec = await during(R, async () => {
      const rec = await R.getRecorder();
      await R.setTags({ a: 1, b: null, c: [1], d: 'x', e: true });
      await R.setTags({ a: 2 });
      await rec.deleteTags('d');
      missing = await err(() => rec.deleteTags('zzz'));
      return rec;
    });
    const tags = await rec.listTags();
    return {
      tags: Object.fromEntries([...'abcde'].map((k) => [k, tags[k] ?? '<absent>'])),
      delete_missing: missing,
    };
  },
  async log_outside_active({ R }) {
    await R.logParams({ a: 1 });
    await R.logMetrics({ m: 1 });
    const rec = await R.getRecorder();
    const out = { experiment: (await R.getExp()).name, recorder: rec.name, status: rec.status };
    await R.endExp();
    return {
      ...out,
      after: (await R.getRecorder({ experimentName: 'Experiment', recorderId: rec.id })).status,
      params: (await rec.listParams())['a'],
    };
  },
  save_and_load_objects: ({ R, folder, mask }) =>
    during(R, async () => {
      const rec = await R.getRecorder();
      await R.saveObjects({ 'top.pkl': { a: 1 } });
      await R.saveObjects({ 'deep.pkl': [1, 2], other: 'text' }, 'a/b');
      await R.saveObjects({ 'deep.pkl': [3] }, 'a/b');
      const [local, sub] = [join(folder, 'local.txt'), join(folder, 'folder/sub')];
      writeFileSync(local, 'hello');
      mkdirSync(sub, { recursive: true });
      writeFileSync(join(sub, 'f.txt'), 'f');
      await R.saveObjects(local);
      await R.saveObjects(join(folder, 'folder'), 'dir');
      await R.logArtifact(local, 'logged');
      const file = await rec.downloadArtifact('top.pkl');
      return {
        top: Object.fromEntries((await R.loadObject('top.pkl')) as Map<string, number>),
        deep: await rec.loadObject('a/b/deep.pkl'),
        no_extension: await rec.loadObject('a/b/other'),
        list_root: await rec.listArtifacts(),
        list_a: await rec.listArtifacts('a'),
        list_ab: await rec.listArtifacts('a/b'),
        list_dir: await rec.listArtifacts('dir'),
        list_missing: await rec.listArtifacts('zzz'),
        missing: await err(() => rec.loadObject('zzz.pkl')),
        load_directory: await err(() => rec.loadObject('a')),
        // Text reads as text here; a pickle that is none is refused.
        load_text: await err(async () => {
          await R.saveObjects({ 'bad.txt': 'hello' });
          writeFileSync(join(dirname(file), 'bad.pkl'), 'hello');
          return rec.loadObject('bad.pkl');
        }),
        'R.download_artifact_returns': await R.downloadArtifact('top.pkl').then((path) => basename(path)),
        'rec.download_artifact': basename(file),
        missing_local: await err(() => R.saveObjects(join(folder, 'nope.txt'))),
        unpicklable: await err(() => R.saveObjects({ 'l.pkl': () => 0 })),
        dotdot: await err(() => R.saveObjects({ 'x.pkl': 1 }, '../x')),
        protocol_first_bytes: [...readFileSync(file).subarray(0, 2)],
        artifact_uri: mask(rec.artifactUri),
        local_dir_is_run_dir: basename(dirname(fileURLToPath(rec.artifactUri))) === rec.id,
      };
    }),
  async recorder_before_start({ R }) {
    const rec = (await R.getExp({ experimentName: 'e' })).createRecorder('r');
    return {
      artifact_uri: await err(() => rec.artifactUri),
      local_dir: await err(() => rec.downloadArtifact('')),
      status: rec.status,
      list_metrics: await err(() => rec.listMetrics()),
    };
  },
  async uri_switch({ R, mask }) {
    const base = R.getUri();
    const other = `${base}_other`;
    const all = async () => [...(await R.listExperiments()).keys()].sort();
    const inside = await R.start({ experimentName: 'e', recorderName: 'r', uri: other }, () => R.getUri());
    const out: Record<string, unknown> = {
      inside: mask(inside),
      after_is_base: R.getUri() === base,
      in_base: await all(),
    };
    await R.uriContext(other, async () => {
      out['context'] = await all();
    });
    out['after_context_is_base'] = R.getUri() === base;
    R.setUri(other);
    out['set_uri'] = [R.getUri() === other, await all()];
    R.setUri(base);
    return out;
  },
  async uri_context_restores_after_error({ R }) {
    const base = R.getUri();
    const failed = await err(() =>
      R.uriContext(`${base}_x`, () => {
        throw new Error('in context');
      }),
    );
    return { raises: (failed as { raises: boolean }).raises, restored: R.getUri() === base };
  },
  async store_layout({ R }) {
    const rec = await during(R, async () => {
      await R.logParams({ 'a.b': 1 });
      await R.logMetrics({ m: 0.5 }, 3);
      await R.setTags({ t: 'x' });
      return R.getRecorder();
    });
    const run = dirname(fileURLToPath(rec.artifactUri));
    const files = readdirSync(run, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(run, join(entry.parentPath ?? entry.path, entry.name)))
      .sort();
    const read = (path: string) => readFileSync(join(run, path), 'utf8');
    const meta = (text: string, shown: readonly string[]) =>
      Object.fromEntries(
        Object.entries(parseMeta(text)!).map(([k, v]) => [
          k,
          shown.includes(k) ? v : typeof v === 'number' ? 'int' : typeof v === 'string' ? 'str' : typeof v,
        ]),
      );
    const shown = [
      'status',
      'lifecycle_stage',
      'source_type',
      'source_name',
      'source_version',
      'entry_point_name',
    ];
    return {
      files,
      metric_line_shape: read('metrics/m').replace(/^\d{13}/, '<ms>'),
      param_file: read('params/a.b'),
      tag_file: read('tags/t'),
      run_meta: meta(read('meta.yaml'), [...shown, 'run_name', 'deleted_time', 'tags', 'user_id']),
      exp_meta: meta(read('../meta.yaml'), ['lifecycle_stage', 'name']),
    };
  },
};
