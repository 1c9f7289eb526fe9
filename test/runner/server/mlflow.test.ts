import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestServer } from './support.ts';

describe('REST of MLflow', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = new TestServer();
    // Makes the experiment 0.
    await server.call('experiments/search', { max_results: 1 });
  });
  afterAll(() => server.close());

  it('tells health and version', async () => {
    expect((await server.send('GET', '/health')).text).toBe('OK');
    expect((await server.send('GET', '/version')).text).toMatch(/^3\.\d+\.\d+$/);
  });

  it('makes, renames, tags, deletes and restores an experiment', async () => {
    const made = await server.call('experiments/create', { name: 'é 1', tags: [{ key: 'a', value: 'b' }] });
    expect(Object.keys(made.json)).toEqual(['experiment_id']);
    const id: string = made.json.experiment_id;
    const got = (await server.call(`experiments/get?experiment_id=${id}`)).json.experiment;
    expect(got).toMatchObject({
      experiment_id: id,
      name: 'é 1',
      artifact_location: `mlflow-artifacts:/${id}`,
      lifecycle_stage: 'active',
      tags: [{ key: 'a', value: 'b' }],
    });
    expect(Number.isInteger(got.creation_time)).toBe(true);
    await server.call('experiments/update', { experiment_id: id, new_name: 'é 2' });
    await server.call('experiments/set-experiment-tag', { experiment_id: id, key: 'k', value: 'v' });
    await server.call('experiments/delete-experiment-tag', { experiment_id: id, key: 'a' });
    expect(
      (await server.call('experiments/get-by-name?experiment_name=%C3%A9%202')).json.experiment.tags,
    ).toEqual([{ key: 'k', value: 'v' }]);
    expect(
      (await server.call('experiments/delete-experiment-tag', { experiment_id: id, key: 'a' })).status,
    ).toBe(404);
    await server.call('experiments/delete', { experiment_id: id });
    const listed = async (view: string) =>
      (
        (await server.call('experiments/search', { max_results: 100, view_type: view })).json.experiments ??
        []
      ).map((e: { experiment_id: string }) => e.experiment_id);
    expect(await listed('ACTIVE_ONLY')).not.toContain(id);
    expect(await listed('DELETED_ONLY')).toEqual([id]);
    await server.call('experiments/restore', { experiment_id: id });
    expect(await listed('ACTIVE_ONLY')).toContain(id);
  });

  it('answers mistakes with the codes of MLflow', async () => {
    const cases = [
      [await server.call('experiments/get?experiment_id=987654321012345678'), 404, 'RESOURCE_DOES_NOT_EXIST'],
      [await server.call('experiments/create', {}), 400, 'INVALID_PARAMETER_VALUE'],
      [await server.call('experiments/create', { name: 'Default' }), 400, 'RESOURCE_ALREADY_EXISTS'],
      [
        await server.call('experiments/create', { name: 'x', artifact_location: 'file:///etc' }),
        400,
        'INVALID_PARAMETER_VALUE',
      ],
      [
        await server.call('experiments/create', {
          name: 'x',
          artifact_location: 'mlflow-artifacts:/../../etc',
        }),
        400,
        'INVALID_PARAMETER_VALUE',
      ],
      [await server.call(`runs/get?run_id=${'0'.repeat(32)}`), 404, 'RESOURCE_DOES_NOT_EXIST'],
      [
        await server.call('runs/search', { experiment_ids: ['0'], filter: 'bogus' }),
        400,
        'INVALID_PARAMETER_VALUE',
      ],
      [
        await server.call('runs/search', { experiment_ids: ['0'], max_results: 50_001 }),
        400,
        'INVALID_PARAMETER_VALUE',
      ],
      [
        await server.call('runs/create', {
          experiment_id: '0',
          run_name: 'a',
          tags: [{ key: 'mlflow.runName', value: 'b' }],
        }),
        400,
        'INVALID_PARAMETER_VALUE',
      ],
      [await server.call('nothing/here'), 404, 'ENDPOINT_NOT_FOUND'],
      [await server.call('registered-models/get?name=x'), 404, 'RESOURCE_DOES_NOT_EXIST'],
      [await server.call('registered-models/create', { name: 'x' }), 501, 'NOT_IMPLEMENTED'],
    ] as const;
    for (const [answer, status, code] of cases) {
      expect([answer.status, answer.json.error_code]).toEqual([status, code]);
      expect(answer.json.message).toMatch(/./);
    }
  });

  it('logs metrics, params and tags and gives them back as MLflow does', async () => {
    const run = await server.newRun({ run_name: 'one', tags: [{ key: 't', value: '1' }] });
    await server.call('runs/log-metric', { run_id: run, key: 'm', value: 1.5, timestamp: 5, step: 2 });
    await server.call('runs/log-metric', { runUuid: run, key: 'nan', value: 'NaN', timestamp: '6' });
    await server.call('runs/log-metric', { run_id: run, key: 'inf', value: '-Infinity', timestamp: 6 });
    await server.call('runs/log-parameter', { run_id: run, key: 'p', value: 'v' });
    await server.call('runs/log-parameter', { run_id: run, key: 'long', value: 'x'.repeat(6001) });
    const batch = {
      run_id: run,
      metrics: [{ key: 'm', value: 2, timestamp: 7, step: 3 }],
      params: [{ key: 'q', value: '' }],
      tags: [{ key: 'u', value: 'w' }],
    };
    expect((await server.call('runs/log-batch', batch)).json).toEqual({});
    const { data, info, inputs } = (await server.call(`runs/get?run_id=${run}`)).json.run;
    expect(info).toMatchObject({
      run_id: run,
      run_uuid: run,
      run_name: 'one',
      status: 'RUNNING',
      start_time: 1000,
      artifact_uri: `mlflow-artifacts:/0/${run}/artifacts`,
      lifecycle_stage: 'active',
    });
    expect(info.end_time).toBeUndefined();
    expect(new Map(data.metrics.map((m: { key: string }) => [m.key, m]))).toEqual(
      new Map<string, object>([
        ['m', { key: 'm', value: 2, timestamp: 7, step: 3 }],
        ['nan', { key: 'nan', value: 'NaN', timestamp: 6, step: 0 }],
        ['inf', { key: 'inf', value: '-Infinity', timestamp: 6, step: 0 }],
      ]),
    );
    expect(data.params.find((p: { key: string }) => p.key === 'long').value).toHaveLength(6000);
    expect(data.tags).toContainEqual({ key: 'mlflow.runName', value: 'one' });
    expect(inputs).toEqual({});
    const history = await server.call(`metrics/get-history?run_id=${run}&metric_key=m`);
    expect(history.json.metrics.map((m: { value: number }) => m.value)).toEqual([1.5, 2]);
    const page = await server.call(`metrics/get-history?run_id=${run}&metric_key=m&max_results=1`);
    const rest = await server.call(
      `metrics/get-history?run_id=${run}&metric_key=m&max_results=1&page_token=${page.json.next_page_token}`,
    );
    expect(rest.json).toEqual({ metrics: [{ key: 'm', value: 2, timestamp: 7, step: 3 }] });
  });

  it('refuses fields of other types', async () => {
    const run = await server.newRun();
    const fine = { run_id: run, key: 'k', value: 1, timestamp: 1, step: 0 };
    const wrong = [
      { value: 'x' },
      { timestamp: 'soon' },
      { run_id: { $ne: null } },
      { step: 1.5 },
      { key: null },
      { key: 7 },
      { timestamp: -1 },
      { value: [1] },
      { key: '../x' },
    ];
    for (const change of wrong)
      expect((await server.call('runs/log-metric', { ...fine, ...change })).status).toBe(400);
    expect((await server.call('runs/log-metric', fine)).status).toBe(200);
  });

  it('bounds batches', async () => {
    const run = await server.newRun();
    const pairs = (n: number) => Array.from({ length: n }, (_, i) => ({ key: `k${i}`, value: 'v' }));
    const points = (n: number) =>
      Array.from({ length: n }, (_, i) => ({ key: 'm', value: 1, timestamp: 1, step: i }));
    for (const body of [
      { params: pairs(101) },
      { tags: pairs(101) },
      { metrics: points(1001) },
      { metrics: points(950), params: pairs(60) },
      { params: [...pairs(1), ...pairs(1)] },
    ])
      expect((await server.call('runs/log-batch', { run_id: run, ...body })).json.error_code).toBe(
        'INVALID_PARAMETER_VALUE',
      );
    expect(
      (await server.call('runs/log-batch', { run_id: run, metrics: points(900), params: pairs(100) })).status,
    ).toBe(200);
  });

  it('takes bodies for what they are, whatever they hold', async () => {
    const send = (body: string, type = 'application/json') =>
      server.send('POST', '/api/2.0/mlflow/runs/set-tag', body, { 'content-type': type });
    for (const body of ['', '{', '[]', '"x"', 'NaN', '['.repeat(100_000), '{"__proto__": {"run_id": "x"}}']) {
      const { status, json } = await send(body);
      expect(status).toBe(400);
      expect(json.error_code).toMatch(/./);
    }
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
      expect((await send('{}', type)).status).toBe(400);
    expect((await send(`{"x":"${'y'.repeat(17 * 1024 * 1024)}"}`)).status).toBe(413);
    expect(server.faults).toEqual([]);
  });

  it('keeps data sets of runs and finds runs by them', async () => {
    const run = await server.newRun();
    const dataset = {
      name: 'd',
      digest: 'abc',
      source_type: 'local',
      source: '{"uri": "x"}',
      schema: '{}',
      profile: '{"num_rows": 2}',
    };
    const body = {
      run_id: run,
      datasets: [{ tags: [{ key: 'mlflow.data.context', value: 'train' }], dataset }],
    };
    await server.call('runs/log-inputs', body);
    await server.call('runs/log-inputs', body);
    const { inputs } = (await server.call(`runs/get?run_id=${run}`)).json.run;
    expect(inputs.dataset_inputs).toEqual([
      { tags: [{ key: 'mlflow.data.context', value: 'train' }], dataset },
    ]);
    const found = await server.call('runs/search', {
      experiment_ids: ['0'],
      filter: "dataset.name = 'd' AND dataset.context = 'train'",
    });
    expect(found.json.runs.map((r: { info: { run_id: string } }) => r.info.run_id)).toEqual([run]);
    const summaries = await server.send('POST', '/ajax-api/2.0/mlflow/experiments/search-datasets', {
      experiment_ids: ['0'],
    });
    expect(summaries.json.dataset_summaries).toEqual([
      { experiment_id: '0', name: 'd', digest: 'abc', context: 'train' },
    ]);
  });

  it('samples histories of several runs', async () => {
    const runs = [await server.newRun(), await server.newRun()];
    for (const run of runs)
      await server.call('runs/log-batch', {
        run_id: run,
        metrics: Array.from({ length: 100 }, (_, step) => ({ key: 'm', value: step, timestamp: step, step })),
      });
    const answer = await server.send(
      'GET',
      `/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?run_ids=${runs[0]}&run_ids=${runs[1]}&metric_key=m&max_results=10`,
    );
    const steps = answer.json.metrics
      .filter((m: { run_id: string }) => m.run_id === runs[0])
      .map((m: { step: number }) => m.step);
    expect(steps[0]).toBe(0);
    expect(steps.at(-1)).toBe(99);
    expect(steps.length).toBeLessThanOrEqual(12);
  });
});
