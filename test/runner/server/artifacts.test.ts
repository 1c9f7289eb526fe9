import { existsSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestServer } from './support.ts';

describe('artifacts over HTTP', () => {
  let server: TestServer;
  let run: string;
  const proxy = '/api/2.0/mlflow-artifacts/artifacts';
  beforeAll(async () => {
    server = new TestServer();
    await server.call('experiments/search', { max_results: 1 });
    run = await server.newRun();
  });
  afterAll(() => server.close());
  const put = (path: string, body: string, type = 'text/plain') =>
    server.send('PUT', `${proxy}/0/${run}/artifacts/${path}`, body, { 'content-type': type });

  it('writes, lists, reads and removes', async () => {
    expect((await put('d/a%20%C3%BC.txt', 'hello')).status).toBe(200);
    expect((await put('d/x.json', '{"a": 1}', 'application/json')).status).toBe(200);
    const list = await server.call(`artifacts/list?run_id=${run}&path=d`);
    expect(list.json).toEqual({
      root_uri: `mlflow-artifacts:/0/${run}/artifacts`,
      files: [
        { path: 'd/a ü.txt', is_dir: false, file_size: 5 },
        { path: 'd/x.json', is_dir: false, file_size: 8 },
      ],
    });
    const names = await server.send('GET', `${proxy}?path=0/${run}/artifacts/d`);
    expect(names.json.files.map((f: { path: string }) => f.path)).toEqual(['a ü.txt', 'x.json']);
    const read = await server.send('GET', `/get-artifact?run_id=${run}&path=d/x.json`);
    expect(read.text).toBe('{"a": 1}');
    expect(read.headers['content-disposition']).toMatch(/^attachment/);
    expect((await server.send('DELETE', `${proxy}/0/${run}/artifacts/d/x.json`)).status).toBe(200);
    expect((await server.send('GET', `${proxy}/0/${run}/artifacts/d/x.json`)).status).toBe(404);
  });

  it('neither reads nor writes outside of the run', async () => {
    writeFileSync(join(server.folder, 'secret.txt'), 'S3CRET');
    const paths = [
      '../../../../secret.txt',
      '..%2f..%2f..%2f..%2fsecret.txt',
      '%252e%252e/%252e%252e/secret.txt',
      '/etc/passwd',
      '%2fetc%2fpasswd',
      'a/../../meta.yaml',
      '..%5c..%5cx',
      'file:///etc/passwd',
      'a%00b',
      '.',
      '',
    ];
    for (const path of paths) {
      for (const url of [
        `${proxy}/0/${run}/artifacts/${path}`,
        `${proxy}/${path}`,
        `/get-artifact?run_id=${run}&path=${path}`,
        `/api/qrun/runs/${run}/file?path=${path}`,
        `/api/qrun/runs/${run}/view?path=${path}`,
      ]) {
        const answer = await server.send('GET', url);
        expect([url, answer.status >= 400 && answer.status < 500]).toEqual([url, true]);
        expect(answer.text).not.toMatch(/S3CRET|root:x/);
      }
      const written = await server.send('PUT', `${proxy}/${path}/evil.txt`, 'x', {
        'content-type': 'text/plain',
      });
      expect([path, written.status >= 400]).toEqual([path, true]);
    }
    expect(readdirSync(server.folder).sort()).toEqual(['mlruns', 'secret.txt']);
    expect(server.faults).toEqual([]);
  });

  it('follows no link out of the run', async () => {
    symlinkSync(server.folder, join(server.root, '0', run, 'artifacts', 'out'));
    expect((await server.send('GET', `/get-artifact?run_id=${run}&path=out/secret.txt`)).status).toBe(404);
    expect((await put('out/new.txt', 'x')).status).toBe(400);
    expect(existsSync(join(server.folder, 'new.txt'))).toBe(false);
  });

  it('serves artifacts of a store that names another folder only when told to', async () => {
    const { experimentId, runId } = await server.store.createRun({
      experimentId: '0',
      runName: 'r',
      userId: '',
      startTime: 1,
    });
    const meta = join(server.root, experimentId, runId, 'meta.yaml');
    const { readFileSync } = await import('node:fs');
    writeFileSync(meta, readFileSync(meta, 'utf8').replace(/artifact_uri: .*/, 'artifact_uri: file:///etc'));
    await server.store.close();
    const answer = await server.send('GET', `/get-artifact?run_id=${runId}&path=passwd`);
    expect([answer.status, answer.json.error_code]).toEqual([403, 'PERMISSION_DENIED']);
  });

  it('shows HTML and images without their scripts', async () => {
    await put('x.html', '<script>alert(1)</script>');
    const shown = await server.send('GET', `/api/qrun/runs/${run}/view?path=x.html`);
    expect(shown.headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'/);
    expect(
      (await server.send('GET', `/get-artifact?run_id=${run}&path=x.html`)).headers['content-type'],
    ).toBe('application/octet-stream');
    expect((await server.send('GET', `/api/qrun/runs/${run}/view?path=d/a%20%C3%BC.txt`)).status).toBe(400);
  });

  it('keeps logged models with artifacts of their own', async () => {
    const made = await server.call('logged-models', {
      experiment_id: '0',
      name: 'mod',
      source_run_id: run,
      params: [{ key: 'p', value: '1' }],
    });
    const id: string = made.json.model.info.model_id;
    expect(
      (
        await server.send('PUT', `${proxy}/0/models/${id}/artifacts/MLmodel`, 'flavors: {}', {
          'content-type': 'text/plain',
        })
      ).status,
    ).toBe(200);
    expect((await server.send('GET', `${proxy}/0/models/${id}/artifacts/MLmodel`)).text).toBe('flavors: {}');
    await server.send('PATCH', `/api/2.0/mlflow/logged-models/${id}`, { status: 'LOGGED_MODEL_READY' });
    const found = await server.call('logged-models/search', {
      experiment_ids: ['0'],
      filter: "name = 'mod'",
    });
    expect(found.json.models.map((m: { info: { status: string } }) => m.info.status)).toEqual([
      'LOGGED_MODEL_READY',
    ]);
    await server.send('DELETE', `/api/2.0/mlflow/logged-models/${id}`);
    expect((await server.call('logged-models/search', { experiment_ids: ['0'] })).json).toEqual({});
  });
});
