import { setTimeout as sleep } from 'node:timers/promises';
import type { MLflowExperiment } from '../../../records/tracking/experiment.ts';
import type { MLflowRecorder } from '../../../records/tracking/mlflow-recorder.ts';
import type { QlibRecorder } from '../../../records/tracking/r.ts';
import type { RunStatus } from '../../../records/tracking/types.ts';

/** What a call that throws counts as; golden outcomes are reduced to the same. */
export const raises = { raises: true };

export interface Tools {
  readonly R: QlibRecorder;
  /** A folder for local files. */
  readonly folder: string;
  /** Ids and paths as the goldens mask them. */
  mask(value: unknown): unknown;
}

export async function err<T>(act: () => T | Promise<T>): Promise<T | typeof raises> {
  try {
    return await act();
  } catch {
    return raises;
  }
}

const pause = () => sleep(20);
const names = (recorders: Iterable<MLflowRecorder>) => [...recorders].map((r) => r.name);
const listed = async (exp: MLflowExperiment, options = {}) =>
  names((await exp.listRecorders(options)).values());

async function runOf(R: QlibRecorder, id: string) {
  return (await R.expManager.store()).getRun(id);
}

async function makeRuns(R: QlibRecorder, n = 5) {
  for (let i = 0; i < n; i++) {
    await err(() =>
      R.start({ experimentName: 'e', recorderName: `r${i}` }, async () => {
        await R.logParams({ p: i % 2, q: `v${i}` });
        await R.logMetrics({ m: (i * 3) % 5 });
        await R.setTags({ t: i % 2 ? 'odd' : 'even' });
        if (i === 2) throw new Error('on purpose');
      }),
    );
    await pause();
  }
  await R.startExp({ experimentName: 'e', recorderName: 'sched' });
  await R.endExp('SCHEDULED');
  await pause();
}

/** A case of recorder_checks.json in our words: gives the outcome that the Python calls of that name give. */
export type Check = (tools: Tools) => Promise<unknown>;

/** Cases about experiments, runs and searches. */
export const experimentChecks: Readonly<Record<string, Check>> = {
  async start_and_finish({ R }) {
    let rec: MLflowRecorder | undefined;
    const inside = await R.start({ experimentName: 'e', recorderName: 'r' }, async (exp) => {
      rec = await R.getRecorder();
      return [exp.constructor.name, exp.name, rec.name, rec.status, (await runOf(R, rec.id)).info.status];
    });
    const after = await (await R.getExp({ experimentName: 'e' })).getRecorder({ recorderId: rec!.id });
    return {
      inside,
      same_object_after: rec!.status,
      reloaded: after.status,
      active_exp: R.expManager.activeExperiment ?? null,
    };
  },
  start_defaults: ({ R }) =>
    R.start({}, async () => ({
      experiment: (await R.getExp()).name,
      recorder: (await R.getRecorder()).name,
    })),
  async start_exp_end_exp_default_status({ R }) {
    await R.startExp({ experimentName: 'e' });
    const { id } = await R.getRecorder();
    await R.endExp();
    return (await (await R.getExp({ experimentName: 'e' })).getRecorder({ recorderId: id })).status;
  },
  async end_exp_each_status({ R }) {
    const out: Record<string, unknown> = {};
    for (const status of ['SCHEDULED', 'RUNNING', 'FINISHED', 'FAILED', 'KILLED', 'finished']) {
      await R.startExp({ experimentName: 'e' });
      const rec = await R.getRecorder();
      const result = (await err(() => R.endExp(status as RunStatus))) ?? null;
      const { info } = await runOf(R, rec.id);
      out[status] = {
        result,
        recorder_object: rec.status,
        stored: info.status,
        has_end_time: info.endTime !== null,
        still_active: R.expManager.activeExperiment !== undefined,
      };
      await R.endExp('FAILED');
    }
    return out;
  },
  async experiment_end_default_status({ R }) {
    const exp = await R.startExp({ experimentName: 'e' });
    const rec = await R.getRecorder();
    await exp.end();
    return {
      stored: (await runOf(R, rec.id)).info.status,
      recorder_object: rec.status,
      manager_still_active: R.expManager.activeExperiment !== undefined,
    };
  },
  end_exp_without_active: async ({ R }) => (await err(() => R.endExp())) ?? null,
  async exception_inside_start({ R }) {
    class MyError extends Error {}
    let id = '';
    let error = '';
    try {
      await R.start({ experimentName: 'e', recorderName: 'r' }, async () => {
        id = (await R.getRecorder()).id;
        throw new MyError('boom');
      });
    } catch (e) {
      error = (e as Error).constructor.name;
    }
    const { status } = await (await R.getExp({ experimentName: 'e' })).getRecorder({ recorderId: id });
    return { error, status, active: R.expManager.activeExperiment ?? null };
  },
  async two_starts_in_sequence_same_names({ R }) {
    const ids: string[] = [];
    for (let i = 0; i < 2; i++) {
      await R.start({ experimentName: 'e', recorderName: 'r' }, async () =>
        ids.push((await R.getRecorder()).id),
      );
      await pause();
    }
    const latest = (await R.getRecorder({ experimentName: 'e', recorderName: 'r' })).id;
    return { distinct: ids[0] !== ids[1], by_name_returns_latest: latest === ids[1] };
  },
  async start_by_experiment_id({ R }) {
    const id = await R.start({ experimentName: 'e' }, async () => (await R.getExp()).id);
    await pause();
    return R.start({ experimentId: id, recorderName: 'x' }, async () => ({
      same_exp: (await R.getExp()).id === id,
      name: (await R.getExp()).name,
    }));
  },
  async resume_by_id({ R }) {
    const id = await R.start({ experimentName: 'e', recorderName: 'r' }, async () => {
      await R.logParams({ a: 1 });
      return (await R.getRecorder()).id;
    });
    const inside = await R.start({ experimentName: 'e', recorderId: id, resume: true }, async () => {
      const rec = await R.getRecorder();
      await R.logParams({ b: 2 });
      return [rec.id === id, rec.name, rec.status];
    });
    const rec = await R.getRecorder({ experimentName: 'e', recorderId: id });
    const { a, b } = await rec.listParams();
    return {
      inside,
      params: { a, b },
      status: rec.status,
      runs: (await R.listRecorders({ experimentName: 'e' })).size,
    };
  },
  async resume_by_name_and_missing_name({ R }) {
    const start = (recorderName: string, resume: boolean) =>
      R.start({ experimentName: 'e', recorderName, resume }, () => R.getRecorder());
    const first = await start('r', false);
    const same = (await start('r', true)).id === first.id;
    const created = (await start('absent', true)).name;
    return { same, created, runs: (await R.listRecorders({ experimentName: 'e' })).size };
  },
  async recorder_id_without_resume({ R }) {
    const id = await R.start({ experimentName: 'e' }, async () => (await R.getRecorder()).id);
    return R.start({ experimentName: 'e', recorderId: id }, async () => ({
      reused: (await R.getRecorder()).id === id,
    }));
  },
  async fail_then_resume_status({ R }) {
    let id = '';
    await err(() =>
      R.start({ experimentName: 'e', recorderName: 'r' }, async () => {
        id = (await R.getRecorder()).id;
        throw new Error();
      }),
    );
    await R.start({ experimentName: 'e', recorderId: id, resume: true }, () => undefined);
    return (await R.getRecorder({ experimentName: 'e', recorderId: id })).status;
  },
  async get_exp_variants({ R }) {
    const name = (options: Parameters<QlibRecorder['getExp']>[0]) =>
      err(async () => (await R.getExp(options)).name);
    return {
      create_false_default: await name({ create: false }),
      create_true_default: await name({}),
      create_false_default_again: await name({ create: false }),
      named_missing_create_false: await name({ experimentName: 'nope', create: false }),
      named_missing_create: await name({ experimentName: 'new' }),
      id_missing_create_false: await name({ experimentId: '123', create: false }),
      id_missing_create: await name({ experimentId: '123' }),
      active: R.expManager.activeExperiment ?? null,
      experiments: [...(await R.listExperiments()).keys()].sort(),
    };
  },
  get_exp_inside_active: ({ R }) =>
    R.start({ experimentName: 'a' }, async () => ({
      none: (await R.getExp()).name,
      other: (await R.getExp({ experimentName: 'b' })).name,
      still_active: (await R.getExp()).name,
    })),
  async get_exp_start_true({ R }) {
    const exp = await R.getExp({ experimentName: 'a', start: true });
    const out = {
      active: R.expManager.activeExperiment === exp,
      recorder: exp.activeRecorder?.name,
      status: exp.activeRecorder?.status,
    };
    await R.endExp();
    return out;
  },
  async get_recorder_variants({ R }) {
    const out: Record<string, unknown> = { no_experiment_at_all: await err(() => R.getRecorder()) };
    const id = await R.start({ experimentName: 'e', recorderName: 'r' }, async () => {
      out['active_is_returned'] = (await R.getRecorder()) === (await R.getExp()).activeRecorder;
      out['inside_by_missing_name'] = await err(() => R.getRecorder({ recorderName: 'zzz' }));
      return (await R.getRecorder()).id;
    });
    const same = async (choice: object) =>
      (await R.getRecorder({ experimentName: 'e', ...choice })).id === id;
    out['id_without_experiment'] = await err(() => R.getRecorder({ recorderId: id }));
    out['by_id'] = await same({ recorderId: id });
    out['by_name'] = await same({ recorderName: 'r' });
    out['missing_id'] = await err(() => same({ recorderId: '0'.repeat(32) }));
    out['missing_name'] = await err(() => same({ recorderName: 'zzz' }));
    out['no_name_no_active'] = await err(() => same({}));
    const other = await R.getExp({ experimentName: 'other' });
    const found = await R.getRecorder({ experimentName: 'other', recorderId: id });
    out['id_of_another_experiment'] = found.info.experiment_id === other.id;
    return out;
  },
  async exp_get_recorder_create({ R }) {
    const exp = await R.getExp({ experimentName: 'e' });
    const rec = await exp.getRecorder({ recorderName: 'made' });
    const out: Record<string, unknown> = {
      created_not_started: [rec.name, rec.info.id, rec.status],
      listed: (await exp.listRecorders()).size,
      log_without_start: await err(() => rec.logParams({ a: 1 })),
    };
    const started = await exp.getRecorder({ recorderName: 'made2', start: true });
    out['started'] = [
      started.name,
      started.status,
      exp.activeRecorder === started,
      R.expManager.activeExperiment ?? null,
    ];
    await exp.end('FINISHED');
    return out;
  },
  async list_recorders_filters({ R }) {
    await makeRuns(R);
    const exp = await R.getExp({ experimentName: 'e' });
    return {
      type_default: 'dict',
      order: await listed(exp),
      list: await listed(exp),
      finished: await listed(exp, { status: 'FINISHED' }),
      failed: await listed(exp, { status: 'FAILED' }),
      scheduled: await listed(exp, { status: 'SCHEDULED' }),
      max_2: await listed(exp, { maxResults: 2 }),
      'max_2_finished (limit first, then filter)': await listed(exp, { maxResults: 2, status: 'FINISHED' }),
      filter_param: await listed(exp, { filterString: "params.p = '1'" }),
      filter_metric: await listed(exp, { filterString: 'metrics.m > 1' }),
      filter_tag: await listed(exp, { filterString: "tags.t = 'even' and attributes.status = 'FINISHED'" }),
      // There is one return type; a status that is none stands in for qlib's rtype.
      bad_rtype: await err(() => listed(exp, { status: 'x' })),
      bad_filter: await err(() => listed(exp, { filterString: 'nonsense' })),
      'R.list_recorders': names((await R.listRecorders({ experimentName: 'e' })).values()),
    };
  },
  async search_records({ R }) {
    await makeRuns(R);
    const exp = await R.getExp({ experimentName: 'e' });
    type Options = Parameters<QlibRecorder['searchRecords']>[1];
    const search = async (options: Options, ids = [exp.id]) =>
      (await R.searchRecords(ids, options)).items.map((r) => r.data.tags.get('mlflow.runName'));
    return {
      default_max_results: await err(() => search({ maxResults: 100_000 })),
      returns: 'PagedList',
      item: 'Run',
      'order_m_desc (runs without m last)': await search({ orderBy: ['metrics.m DESC'] }),
      order_m_asc: await search({ orderBy: ['metrics.m ASC'] }),
      order_param: await search({ orderBy: ['params.q DESC'] }),
      order_start: await search({ orderBy: ['attributes.start_time ASC'] }),
      filter: await search({ filter: "params.p = '0' and metrics.m < 3" }),
      filter_like: await search({ filter: "params.q LIKE 'v%' and tags.t != 'odd'" }),
      filter_runname: await search({ filter: "attributes.run_name = 'r3'" }),
      max_results: await search({ maxResults: 2 }),
      'exp.search_records': (await exp.searchRecords({ filter: 'metrics.m >= 3' })).items.map((r) =>
        r.data.tags.get('mlflow.runName'),
      ),
      view_deleted_only: await search({ view: 'DELETED_ONLY' }),
      missing_experiment: await search({}, ['999']),
      or_not_supported: await err(() => search({ filter: "params.p='0' or params.p='1'" })),
    };
  },
  async delete_recorder({ R }) {
    await makeRuns(R, 3);
    const exp = await R.getExp({ experimentName: 'e' });
    const [id] = (await exp.listRecorders()).keys();
    await exp.deleteRecorder({ recorderId: id! });
    const out: Record<string, unknown> = {
      after_id: await listed(exp),
      get_deleted_by_id: (await exp.getRecorder({ recorderId: id! })).name,
      lifecycle: (await runOf(R, id!)).info.lifecycleStage,
    };
    await exp.deleteRecorder({ recorderName: 'r0' });
    out['after_name'] = await listed(exp);
    out['missing_id'] = await err(() => exp.deleteRecorder({ recorderId: '0'.repeat(32) }));
    out['missing_name'] = await err(() => exp.deleteRecorder({ recorderName: 'zzz' }));
    out['twice'] = (await err(() => exp.deleteRecorder({ recorderId: id! }))) ?? null;
    out['nothing'] = await err(() => exp.deleteRecorder({}));
    out['R.delete_recorder uses the active/default experiment'] = await err(() =>
      R.deleteRecorder({ recorderName: 'r1' }),
    );
    return out;
  },
  async delete_exp({ R }) {
    const all = async () => [...(await R.listExperiments()).keys()].sort();
    await R.start({ experimentName: 'e' }, () => undefined);
    const before = await all();
    await R.deleteExp({ experimentName: 'e' });
    return {
      before,
      after: await all(),
      get: await err(() => R.getExp({ experimentName: 'e', create: false })),
      recreate: await err(() => R.getExp({ experimentName: 'e' })),
      start_again: await err(() => R.startExp({ experimentName: 'e' })),
      missing_name: await err(() => R.deleteExp({ experimentName: 'zzz' })),
      missing_id: await err(() => R.deleteExp({ experimentId: '999' })),
    };
  },
  async list_experiments_and_ids({ R }) {
    // Times are in milliseconds: "Default" is to be older.
    await R.listExperiments();
    await pause();
    await R.getExp({ experimentName: 'b' });
    await pause();
    await R.getExp({ experimentName: 'a' });
    const all = await R.listExperiments();
    const shape = (id: string) => (id === '0' ? '0' : /^\d+$/.test(id) ? `${id.length} digits` : '?');
    return {
      keys: [...all.keys()],
      id_shape: Object.fromEntries([...all].map(([name, exp]) => [name, shape(exp.id)])),
      id_type: typeof all.get('a')!.id === 'string' ? 'str' : '?',
    };
  },
  async info_and_str({ R }) {
    const pythonType = (v: unknown) => (v === null ? 'NoneType' : typeof v === 'string' ? 'str' : typeof v);
    const { rec, expInfo, recInfo } = await R.start(
      { experimentName: 'e', recorderName: 'r' },
      async (exp) => {
        const rec = await R.getRecorder();
        return { rec, expInfo: await exp.info(), recInfo: rec.info };
      },
    );
    const again = await R.getRecorder({ experimentName: 'e', recorderId: rec.id });
    return {
      exp_info_keys: Object.keys(expInfo),
      exp_active_recorder_is_id: expInfo.active_recorder === rec.id,
      rec_info: Object.fromEntries(Object.entries(recInfo).map(([k, v]) => [k, pythonType(v)])),
      start_time_shape: recInfo.start_time!.replace(/\d/g, '9'),
      str_is_info: String(rec) === JSON.stringify(rec.info),
      equal: rec.id === again.id,
    };
  },
};
