import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { HttpStore } from '../../../../records/tracking/http/http-store.ts';
import { RestClient } from '../../../../records/tracking/http/rest-client.ts';
import { findRun } from '../../../../runner/commands/runs/find-run.ts';
import { importRuns } from '../../../../runner/commands/runs/import.ts';
import { TestServer } from '../../server/support.ts';
import { captureOutput, makeRuns, testFolder, withOpen } from './store.ts';

const folder = testFolder();
const output = captureOutput();

async function withServer(work: (uri: string, server: TestServer) => Promise<void>): Promise<void> {
  const server = new TestServer();
  try {
    await server.app.listen({ host: '127.0.0.1', port: 0 });
    const address = server.app.server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    await work(`http://127.0.0.1:${address.port}`, server);
  } finally {
    // the client keeps its connections for further calls
    server.app.server.closeAllConnections();
    await server.close();
  }
}

it('finds a run that a server gave another id by its old one, and imports it once', async () => {
  const from = join(folder, 'from');
  const [oldId] = (await makeRuns(from, [{ name: 'one', params: { a: 1 }, objects: { 'x.pkl': 1 } }])) as [
    string,
  ];
  await withServer(async (uri) => {
    await importRuns({ uri, source: from });
    const told = output.take();
    const newId = /imported as (\w{32}), for the server gives ids itself/.exec(told)?.[1];
    expect(newId).toBeDefined();
    expect(newId).not.toBe(oldId);
    await withOpen(uri, async (store) => {
      const run = await findRun(store, oldId);
      expect(run.info.runId).toBe(newId);
      expect(run.data.tags.get('qrun.imported.id')).toBe(oldId);
      expect(run.data.params.get('a')).toBe('1');
    });
    await importRuns({ uri, source: from });
    expect(output.take()).toContain(`${oldId}: is there already as ${newId}`);
  });
});

it('keeps the whole of a param that a server cuts as an artifact, and says so', async () => {
  await withServer(async (uri) => {
    const warn = vi.fn();
    const store = new HttpStore(uri, new RestClient(uri, {}), warn);
    const experimentId = await store.createExperiment('e');
    const { runId } = await store.createRun({ experimentId, runName: 'r', userId: 'u', startTime: 1 });
    const whole = 'ü'.repeat(7000);
    await store.logBatch(runId, {
      params: [
        ['a/b', whole],
        ['short', 's'.repeat(6000)],
      ],
    });
    const { params } = (await store.getRun(runId)).data;
    expect(params.get('a/b')).toBe('ü'.repeat(6000));
    expect(params.get('short')).toBe('s'.repeat(6000));
    const artifact = await (await store.artifacts(runId)).read('long_values/params/a/b.txt');
    expect(Buffer.from(artifact).toString()).toBe(whole);
    expect(warn.mock.calls).toEqual([
      [
        `param "a/b" of run ${runId} is cut: a server keeps 6000 characters of it; the whole value is the artifact "long_values/params/a/b.txt"`,
      ],
    ]);
  });
});
