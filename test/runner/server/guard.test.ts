import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serve } from '../../../runner/server/serve.ts';
import { TestServer } from './support.ts';

describe('who is served', () => {
  let server: TestServer;
  beforeAll(() => {
    server = new TestServer();
  });
  afterAll(() => server.close());
  const search = (headers: Record<string, string>) =>
    server.send('POST', '/api/2.0/mlflow/experiments/search', { max_results: 1 }, headers);

  it('refuses foreign host names and pages', async () => {
    for (const host of ['evil.example', 'evil.example:5000', '127.0.0.1.evil.example', 'localhost@evil'])
      expect((await search({ host })).status).toBe(403);
    for (const host of ['localhost:1', '127.0.0.1', '[::1]:5000'])
      expect((await search({ host })).status).toBe(200);
    for (const origin of ['http://evil.example', 'null', 'http://127.0.0.1:9999'])
      expect((await search({ origin })).status).toBe(403);
    expect((await search({ origin: 'http://127.0.0.1:5000' })).status).toBe(200);
    expect((await search({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  });

  it('gives no other origin a right to read, and frames nothing', async () => {
    const { headers, status } = await server.send(
      'OPTIONS',
      '/api/2.0/mlflow/experiments/create',
      undefined,
      { origin: 'http://evil.example' },
    );
    expect(status).toBe(204);
    expect(headers['access-control-allow-origin']).toBeUndefined();
    const page = await server.send('GET', '/health');
    expect(page.headers['x-content-type-options']).toBe('nosniff');
    expect(page.headers['content-security-policy']).toMatch(/frame-ancestors 'none'/);
  });

  it('asks for the token wherever one is set', async () => {
    const guarded = new TestServer({ token: 'sesame', host: '0.0.0.0' });
    const ask = (headers: Record<string, string>) =>
      guarded.send('POST', '/api/2.0/mlflow/experiments/search', { max_results: 1 }, headers);
    expect((await ask({})).json.error_code).toBe('UNAUTHENTICATED');
    expect((await ask({ authorization: 'Bearer sesam' })).status).toBe(401);
    expect((await ask({ authorization: 'Bearer sesame' })).status).toBe(200);
    expect(
      (await ask({ authorization: `Basic ${Buffer.from('any:sesame').toString('base64')}` })).status,
    ).toBe(200);
    expect((await guarded.send('GET', '/health')).status).toBe(200);
    const entered = await guarded.send('GET', '/?token=sesame');
    expect([entered.status, entered.headers['location']]).toEqual([302, '/']);
    expect(String(entered.headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Strict/);
    expect((await ask({ cookie: 'qrun_token=sesame' })).status).toBe(200);
    expect((await guarded.send('GET', '/?token=no')).status).toBe(401);
    await guarded.close();
  });

  it('does not listen to other machines without a token', async () => {
    const options = {
      uri: server.root,
      port: 0,
      token: null,
      allowedHosts: [],
      artifactRoots: [],
      log: () => {},
    };
    await expect(serve({ ...options, host: '0.0.0.0', insecure: false })).rejects.toThrow(
      '--host 0.0.0.0 lets other machines read and change the store',
    );
  });
});
