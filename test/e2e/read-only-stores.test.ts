import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../components/core/package-root.ts';
import { openStore } from '../../records/tracking/open-store.ts';
import { temporaryFolder } from './support.ts';

const { folder, clean } = temporaryFolder();
afterAll(() => {
  setWritable(folder, true);
  clean();
});

/** Of a folder with all that is in it. */
function setWritable(path: string, isWritable: boolean): void {
  const isFolder = statSync(path).isDirectory();
  if (isFolder && isWritable) chmodSync(path, 0o755);
  if (isFolder) for (const name of readdirSync(path)) setWritable(join(path, name), isWritable);
  chmodSync(path, isFolder ? (isWritable ? 0o755 : 0o555) : isWritable ? 0o644 : 0o444);
}

/** The superuser may write anything: without the rights that make it so, it may not. */
const prefix =
  process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search,-fowner'] : [];
const canTry = prefix.length === 0 || spawnSync(prefix[0]!, [prefix[1]!, 'true']).status === 0;

function qrunAsUser(...args: string[]) {
  const [command, ...rest] = [
    ...prefix,
    process.execPath,
    join(packageRoot(), 'runner/bin/qrun.mjs'),
    ...args,
  ];
  return spawnSync(command!, rest, { cwd: folder, encoding: 'utf8' });
}

describe.skipIf(!canTry).each([
  ['folder', () => join(folder, 'mlruns')],
  ['SQLite file', () => `sqlite:///${folder}/runs.db`],
])('a %s that may not be written', (_, uriOf) => {
  beforeAll(async () => {
    setWritable(folder, true);
    const store = await openStore(uriOf(), Date.now);
    const experimentId = await store.createExperiment('e');
    const run = await store.createRun({ experimentId, runName: 'kept', userId: 'u', startTime: 1 });
    await store.logBatch(run.runId, { metrics: [{ key: 'IC', value: 0.25, step: 0, timestamp: 1 }] });
    await (await store.artifacts(run.runId)).write('x.json', '{"a": 1}');
    await store.updateRun(run.runId, { status: 'FINISHED', endTime: 2 });
    await store.close();
    setWritable(folder, false);
  });

  it('is listed and shown, artifacts included', () => {
    const list = qrunAsUser('runs', '--uri', uriOf(), '--columns', 'name,IC');
    expect([list.status, list.stderr]).toEqual([0, '']);
    expect(list.stdout).toMatch(/FINISHED +kept +0\.25\n/);
    const artifact = qrunAsUser('runs', 'show', 'kept', 'x.json', '--uri', uriOf());
    expect([artifact.status, JSON.parse(artifact.stdout)]).toEqual([0, { a: 1 }]);
  });

  it('refuses changes in words', () => {
    const { status, stderr } = qrunAsUser('runs', 'rm', 'kept', '--uri', uriOf());
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error: .*can't .*permission denied/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
