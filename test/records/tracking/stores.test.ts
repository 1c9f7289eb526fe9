import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';
import { afterAll, describe, expect, it } from 'vitest';
import { UserError } from '../../../components/core/errors.ts';
import { folderOf, openStore, sqlitePath } from '../../../records/tracking/open-store.ts';
import { type Serving, serve } from '../../../runner/server/serve.ts';
import { describeContract } from './contract.ts';
import { newFolder } from './support.ts';

describeContract('a file store', (folder) => `file://${folder}/mlruns`);
describeContract('a SQLite store', (folder) => `sqlite:///${folder}/runs.db`);

/** A server of ours over a file store in a folder; one a folder. */
const servers = new Map<string, Promise<Serving>>();
describeContract(
  'a server of ours',
  async (folder) => {
    const options = {
      uri: `file://${folder}/mlruns`,
      host: '127.0.0.1',
      port: 0,
      token: null,
      insecure: false,
      allowedHosts: [],
      artifactRoots: [],
      log: () => undefined,
    };
    if (!servers.has(folder)) servers.set(folder, serve(options));
    return (await servers.get(folder)!).url;
  },
  6000,
);
afterAll(async () => {
  for (const server of servers.values()) await (await server).close();
});

describe('openStore', () => {
  it('understands the forms of uris', () => {
    const here = process.cwd();
    expect(folderOf('mlruns')).toBe(join(here, 'mlruns'));
    expect(folderOf('file:mlruns')).toBe(join(here, 'mlruns'));
    expect(folderOf('file:/a/b')).toBe('/a/b');
    expect(folderOf('file:///a/b%20c')).toBe('/a/b c');
    expect(folderOf('/a/b%20c')).toBe('/a/b%20c');
    expect(folderOf('sqlite:///x.db')).toBeUndefined();
    expect(sqlitePath('sqlite:///x.db')).toBe(join(here, 'x.db'));
    expect(sqlitePath('sqlite:////a/x.db')).toBe('/a/x.db');
    expect(sqlitePath('mlruns')).toBeUndefined();
  });

  it('says what is wrong with others', async () => {
    expect(() => folderOf('file://host/a')).toThrow('tracking uri "file://host/a" names the host "host"');
    expect(() => folderOf('')).toThrow('the tracking uri is empty');
    expect(() => sqlitePath('sqlite://')).toThrow('tracking uri "sqlite://" names no file');
    await expect(openStore('s3://bucket/x', Date.now)).rejects.toThrow(UserError);
  });
});

describe('a SQLite store', () => {
  it('says so where a SQLite file is of another version of MLflow', async () => {
    const path = join(newFolder(), 'old.db');
    const database = new Libsql(path);
    for (const table of ['alembic_version(version_num)', 'experiments(experiment_id)'])
      database.exec(`CREATE TABLE ${table}`);
    database.close();
    const used = openStore(`sqlite:///${path}`, Date.now).then((store) => store.searchRuns(['0']));
    await expect(used).rejects.toThrow(
      /old.db was made by another version of MLflow: .*\n {2}bring it up to date: mlflow db upgrade sqlite:\/\/\//,
    );
  });

  it('refuses files that are no database of MLflow, and leaves them as they are', async () => {
    const folder = newFolder();
    writeFileSync(
      join(folder, 'text.db'),
      'hello, this is no database at all, only text that is long enough',
    );
    const store = await openStore(`sqlite:///${folder}/text.db`, Date.now);
    await expect(store.searchExperiments()).rejects.toThrow('text.db cannot be opened');
  });

  it('works whole after it was moved', async () => {
    const folder = newFolder();
    const store = await openStore(`sqlite:///${folder}/runs.db`, Date.now);
    const { runId } = await store.createRun({ experimentId: '0', runName: 'r', userId: 'u', startTime: 1 });
    await (await store.artifacts(runId)).write('a.txt', 'hello');
    await store.close();
    const moved = join(newFolder(), 'moved');
    renameSync(folder, moved);
    const again = await openStore(`sqlite:///${moved}/runs.db`, Date.now);
    expect(Buffer.from(await (await again.artifacts(runId)).read('a.txt')).toString()).toBe('hello');
    await again.close();
  });
});
