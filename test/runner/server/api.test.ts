import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PyObject, PyTimestamp } from '../../../components/core/python.ts';
import type { SeriesTable, Table } from '../../../components/core/table.ts';
import { encodeObject } from '../../../records/codec/codec.ts';
import { TestServer } from './support.ts';

const day = (n: number) => Date.UTC(2020, 0, n);
const days = [1, 2, 3, 6].map(day);

function series(values: readonly number[]): SeriesTable {
  return {
    kind: 'series',
    index: [{ name: 'datetime', dtype: 'datetime64[ns]', values: Float64Array.from(days), codes: null }],
    name: null,
    dtype: 'float64',
    values: Float64Array.from(values),
  };
}

function report(columns: Readonly<Record<string, readonly number[]>>): Table {
  const { index } = series([0, 0, 0, 0]);
  return {
    kind: 'frame',
    index,
    columns: Object.entries(columns).map(([label, values]) => ({
      label,
      dtype: 'float64',
      values: Float64Array.from(values),
    })),
  };
}

const position = (
  cash: number,
  holdings: Readonly<Record<string, readonly [amount: number, price: number]>>,
) =>
  new PyObject(
    'qlib.backtest.position',
    'Position',
    new Map([
      [
        'position',
        new Map<string, unknown>([
          ['cash', cash],
          ['now_account_value', 1000],
          ...Object.entries(holdings).map(
            ([name, [amount, price]]) =>
              [
                name,
                new Map([
                  ['amount', amount],
                  ['price', price],
                ]),
              ] as const,
          ),
        ]),
      ],
    ]),
  );

describe('the API of the page', () => {
  let server: TestServer;
  const runs: string[] = [];
  beforeAll(async () => {
    server = new TestServer();
    await server.call('experiments/search', { max_results: 1 });
    for (const scale of [1, 2]) {
      const run = await server.newRun({ run_name: `r${scale}` });
      runs.push(run);
      await server.call('runs/log-batch', {
        run_id: run,
        metrics: [{ key: 'IC', value: scale / 10, timestamp: 1, step: 0 }],
        params: [{ key: 'a', value: String(scale) }],
      });
      const folder = await server.store.artifacts(run);
      const save = async (name: string, value: unknown) =>
        folder.write(name, await encodeObject(name, value));
      await save(
        'portfolio_analysis/report_normal_1day.pkl',
        report({ return: [0.01 * scale, 0.02, -0.01, 0], bench: [0, 0.01, 0, 0.01], cost: [0.001, 0, 0, 0] }),
      );
      await save('sig_analysis/ic.pkl', series([0.1, Number.NaN, 0.2, 0.3]));
      await save(
        'portfolio_analysis/positions_normal_1day.pkl',
        new Map([
          [new PyTimestamp(day(1)), position(500, { A: [10, 20], B: [30, 10] })],
          [new PyTimestamp(day(2)), position(700, { B: [30, 10] })],
        ]),
      );
      await folder.write('config.yaml', `task: {model: {class: M, kwargs: {lr: ${scale}}}}\n`);
      await folder.write('model.txt', 'tree\nfeature_names=f0 f1\nsplit_feature=1 0 1\nsplit_feature=1\n');
    }
  });
  afterAll(() => server.close());
  const api = (path: string, body?: object) => server.send(body ? 'POST' : 'GET', `/api/qrun/${path}`, body);

  it('describes itself, every call once', async () => {
    const { json } = await api('openapi.json');
    expect(json.openapi).toBe('3.1.0');
    expect(Object.keys(json.paths)).toContain('/api/qrun/runs/{run_id}/research');
    const ids = Object.values(json.paths).flatMap((path) =>
      Object.values(path as object).map((o: { operationId: string }) => o.operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
    for (const [url, operations] of Object.entries(json.paths))
      for (const { parameters } of Object.values(
        operations as Record<string, { parameters: { in: string; name: string }[] }>,
      ))
        expect(parameters.filter((p) => p.in === 'path').map((p) => `{${p.name}}`)).toEqual(
          url.match(/\{\w+\}/g) ?? [],
        );
  });

  it('gives a part of the runs as rows', async () => {
    const { json } = await api('runs/search', {
      experiment_ids: ['0'],
      order_by: ['metrics.IC DESC'],
      limit: 1,
    });
    expect(json).toMatchObject({
      more: true,
      runs: [{ id: runs[1], name: 'r2', params: { a: '2' }, metrics: { IC: 0.2 } }],
    });
    const rest = await api('runs/search', {
      experiment_ids: ['0'],
      order_by: ['metrics.IC DESC'],
      limit: 5,
      offset: 1,
    });
    expect([rest.json.total, rest.json.runs.length]).toEqual([2, 1]);
    expect((await api('runs/search', { experiment_ids: ['0'], limit: 1001 })).status).toBe(400);
  });

  it('reads the series of charts out of artifacts', async () => {
    const { json } = await api(`runs/${runs[0]}/research`);
    expect(json.report).toMatchObject({
      freq: '1day',
      days: ['2020-01-01', '2020-01-02', '2020-01-03', '2020-01-06'],
      return: [0.01, 0.02, -0.01, 0],
      bench: [0, 0.01, 0, 0.01],
      cost: [0.001, 0, 0, 0],
      turnover: null,
    });
    expect(json.ic).toEqual({ days: json.report.days, ic: [0.1, null, 0.2, 0.3], ric: null });
    expect(json.importance).toEqual({
      kind: 'number of splits',
      names: ['f1', 'f0'],
      values: [3, 1],
      total: 2,
    });
    expect([json.groups, json.longShort, json.hasPositions]).toEqual([null, null, true]);
  });

  it('tells positions of a day and trades of an instrument', async () => {
    const first = (await api(`runs/${runs[0]}/positions?day=2020-01-01`)).json;
    expect(first).toMatchObject({
      day: '2020-01-01',
      cash: 500,
      value: 1000,
      days: ['2020-01-01', '2020-01-02'],
      instruments: ['A', 'B'],
    });
    expect(first.holdings).toEqual([
      { instrument: 'B', amount: 30, price: 10, value: 300, weight: 0.3 },
      { instrument: 'A', amount: 10, price: 20, value: 200, weight: 0.2 },
    ]);
    const trades = (await api(`runs/${runs[0]}/trades?instrument=A`)).json;
    expect(trades.trades).toEqual([
      { day: '2020-01-01', change: 10, price: 20 },
      { day: '2020-01-02', change: -10, price: 20 },
    ]);
  });

  it('compares runs', async () => {
    const { json } = await api('compare', { run_ids: runs });
    expect(json.runs.map((r: { config: object }) => r.config)).toEqual(
      [1, 2].map((lr) => ({ 'task.model.class': 'M', 'task.model.kwargs.lr': String(lr) })),
    );
    const [difference] = json.differences;
    // The second earns 0.01 more on the first of four days: 0.0025 a day, 252 days a year.
    expect(difference.days).toBe(4);
    expect(difference.annual).toBeCloseTo(0.63, 10);
    // mean / (sd / sqrt(n)) of (0.01, 0, 0, 0)
    expect(difference.t).toBeCloseTo(1, 10);
    expect((await api('compare', { run_ids: Array.from({ length: 21 }, (_, i) => String(i)) })).status).toBe(
      400,
    );
  });

  it('previews tables, text and what it cannot read', async () => {
    const table = (await api(`runs/${runs[0]}/preview?path=sig_analysis/ic.pkl&offset=1&limit=2`)).json;
    expect(table).toMatchObject({
      kind: 'table',
      index: ['datetime'],
      rows: [
        ['2020-01-02', null],
        ['2020-01-03', 0.2],
      ],
      offset: 1,
      total: 4,
    });
    expect((await api(`runs/${runs[0]}/preview?path=config.yaml`)).json).toMatchObject({
      kind: 'text',
      cut: false,
    });
    const folder = await server.store.artifacts(runs[0]!);
    await folder.write('bad.pkl', Uint8Array.of(0x80, 4, 0x63, 0, 1, 2));
    expect((await api(`runs/${runs[0]}/preview?path=bad.pkl`)).json.kind).toBe('unreadable');
  });

  it('packs all artifacts into a zip', async () => {
    const answer = await server.app.inject({
      url: `/api/qrun/runs/${runs[0]}/zip?path=sig_analysis`,
      headers: { host: 'localhost' },
    });
    const bytes = answer.rawPayload;
    expect(bytes.subarray(0, 4).toString('latin1')).toBe('PK\x03\x04');
    // The end record: one entry.
    expect(bytes.readUInt16LE(bytes.length - 22 + 10)).toBe(1);
  });

  it('says dead of a run whose process is gone', async () => {
    const run = await server.newRun();
    const { ownIdentity } = await import('../../../records/tracking/process-identity.ts');
    const sign = { ...ownIdentity(), pid: 2 ** 22 + 1, at: Date.now() };
    await server.call('runs/set-tag', { run_id: run, key: 'qrun.heartbeat', value: JSON.stringify(sign) });
    expect((await api(`runs/${run}/state`)).json).toEqual({ state: 'DEAD' });
  });
});
