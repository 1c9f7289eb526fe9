import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { heartbeatTag } from '../../../../records/tracking/heartbeat.ts';
import { ownIdentity } from '../../../../records/tracking/process-identity.ts';
import { exportRuns } from '../../../../runner/commands/runs/export.ts';
import { findRun } from '../../../../runner/commands/runs/find-run.ts';
import { importRuns } from '../../../../runner/commands/runs/import.ts';
import { listRuns } from '../../../../runner/commands/runs/list.ts';
import {
  collectGarbage,
  markDeadCommand,
  removeRuns,
  restoreRuns,
} from '../../../../runner/commands/runs/remove.ts';
import { showRun } from '../../../../runner/commands/runs/show.ts';
import { captureOutput, makeRuns, testFolder, withOpen } from './store.ts';

const folder = testFolder();
const output = captureOutput();
const uri = join(folder, 'mlruns');
let ids: string[];
beforeAll(async () => {
  ids = await makeRuns(uri, [
    {
      name: 'first',
      params: { alpha: 0.1 },
      metrics: { IC: 0.02, 'Rank IC': 0.01 },
      objects: { 'a/x.json': { x: 1 } },
    },
    { name: 'second', params: { alpha: 0.2 }, metrics: { IC: 0.05 } },
    { name: 'second', experiment: 'other', params: { alpha: 0.3 } },
  ]);
});

describe('findRun', () => {
  const find = (text: string) => withOpen(uri, (store) => findRun(store, text).then((run) => run.info.runId));

  it('takes an id, the beginning of one, a name, or the newest', async () => {
    expect(await find(ids[0]!)).toBe(ids[0]);
    expect(await find(ids[1]!.slice(0, 12))).toBe(ids[1]);
    expect(await find('first')).toBe(ids[0]);
    expect(await find('latest')).toBe(ids[2]);
  });

  it('lists the candidates of what is ambiguous', async () => {
    await expect(find('second')).rejects.toThrow(
      new RegExp(`^"second" is 2 runs\\n(?:.*\\n)+  ${ids[2]}  second  other  FINISHED.*\\n  ${ids[1]}`),
    );
  });

  it('names the nearest name, refuses ids that lead elsewhere', async () => {
    await expect(find('secnd')).rejects.toThrow('did you mean "second"?');
    await expect(find('../../etc')).rejects.toThrow('no run "../../etc"');
  });
});

describe('qrun runs', () => {
  const list = async (flags: Partial<Parameters<typeof listRuns>[0]>) => {
    output.take();
    await listRuns({ uri, limit: 50, ...flags });
    return output.take();
  };

  it('prints a table with the figures that are there', async () => {
    const lines = (await list({})).trim().split('\n');
    expect(lines[0]).toMatch(/^run +status +started +seconds +experiment +name +IC +Rank IC$/);
    expect(lines).toHaveLength(4);
    expect(lines[3]).toMatch(new RegExp(`^${ids[0]!.slice(0, 8)}  FINISHED .* first +0\\.02 +0\\.01$`));
  });

  it('filters, sorts by a bare name, limits and takes columns', async () => {
    const sorted = await list({
      sort: ['IC desc'],
      filter: 'metrics.IC > 0',
      columns: 'name,alpha,metrics.IC',
    });
    expect(
      sorted
        .trim()
        .split('\n')
        .map((line) => line.split(/ {2,}/).slice(2)),
    ).toEqual([
      ['name', 'alpha', 'IC'],
      ['second', '0.2', '0.05'],
      ['first', '0.1', '0.02'],
    ]);
    expect(await list({ limit: 1 })).toContain('the first 1; --limit shows more');
    expect((await list({ experiment: ['other'] })).trim().split('\n')).toHaveLength(2);
  });

  it('gives JSON and CSV with all digits', async () => {
    const json = JSON.parse(await list({ json: true, filter: "attributes.run_name = 'first'" })) as unknown[];
    expect(json).toMatchObject([
      {
        run_id: ids[0],
        run_name: 'first',
        experiment: 'e',
        status: 'FINISHED',
        metrics: { IC: 0.02 },
        params: { alpha: '0.1' },
      },
    ]);
    expect(await list({ csv: true, columns: 'name,IC', sort: ['name', 'IC desc'] })).toBe(
      `run_id,name,IC\n${ids[0]},first,0.02\n${ids[1]},second,0.05\n${ids[2]},second,\n`,
    );
  });

  it('tells what is not there', async () => {
    await expect(list({ columns: 'ICC' })).rejects.toThrow(
      'no run here has a column "ICC"\n  did you mean "IC"?',
    );
    await expect(list({ experiment: ['othr'] })).rejects.toThrow('did you mean "other"?');
    await expect(list({ uri: join(folder, 'none') })).rejects.toThrow('no store of runs at');
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });
});

describe('rm, restore and gc', () => {
  it('move to the trash, back, and end for good', async () => {
    const [id] = await makeRuns(uri, [{ name: 'gone', objects: { 'x.json': 1 } }]);
    await removeRuns({ uri, runs: ['gone'] });
    await expect(removeRuns({ uri, runs: [id!.slice(0, 10)] })).rejects.toThrow('is deleted');
    await restoreRuns({ uri, runs: ['gone'] });
    await removeRuns({ uri, runs: [id!] });
    await expect(collectGarbage({ uri })).rejects.toThrow('nobody is there to be asked');
    await collectGarbage({ uri, dryRun: true });
    expect(await withOpen(uri, (store) => store.getRun(id!))).toBeDefined();
    await collectGarbage({ uri, yes: true });
    await expect(withOpen(uri, (store) => store.getRun(id!))).rejects.toThrow('no run');
    await withOpen(uri, async (store) => {
      for (const other of ids) expect((await store.getRun(other)).info.lifecycleStage).toBe('active');
    });
  });

  it('leave running runs alone', async () => {
    const [id] = await makeRuns(uri, [{ name: 'busy' }]);
    await setRunning(id!, {});
    await expect(removeRuns({ uri, runs: ['busy'] })).rejects.toThrow(`run ${id} is running`);
    await withOpen(uri, (store) => store.deleteRun(id!));
    await expect(collectGarbage({ uri, yes: true })).rejects.toThrow(`run ${id} is running`);
    await withOpen(uri, async (store) => {
      await store.restoreRun(id!);
      await store.updateRun(id!, { status: 'FINISHED' });
    });
  });
});

/** Makes a run look as one that this process, or a changed one, is writing. */
async function setRunning(id: string, change: object): Promise<void> {
  await withOpen(uri, async (store) => {
    const sign = { ...ownIdentity(), at: Date.now(), ...change };
    await store.logBatch(id, { tags: [[heartbeatTag, JSON.stringify(sign)]] });
    await store.updateRun(id, { status: 'RUNNING', endTime: null });
  });
}

describe('mark-dead', () => {
  it('marks what died, and only that', async () => {
    const [dead, alive] = await makeRuns(uri, [{ name: 'dead' }, { name: 'alive' }]);
    await setRunning(dead!, { started: '1' });
    await setRunning(alive!, {});
    await expect(markDeadCommand({ uri, runs: ['alive'] })).rejects.toThrow('is alive');
    output.take();
    await listRuns({ uri, limit: 50, columns: 'name' });
    expect(output.take()).toMatch(/DEAD +dead\n/);
    await markDeadCommand({ uri, runs: [] });
    expect(output.take()).toBe(`${dead}: FAILED, its process is gone\n`);
    await withOpen(uri, async (store) => {
      const { info, data } = await store.getRun(dead!);
      expect([info.status, data.tags.has(heartbeatTag)]).toEqual(['FAILED', false]);
      expect(data.tags.get('qrun.died')).toMatch(/^process \d+ on .* is gone$/);
      expect((await store.getRun(alive!)).info.status).toBe('RUNNING');
      await store.updateRun(alive!, { status: 'FINISHED' });
    });
  });
});

describe('export and import', () => {
  it('carry a run whole through a folder and through a zip file', async () => {
    const points: [number, number][] = [
      [0, 1],
      [1, Number.NaN],
      [1, 3],
    ];
    const [id] = await makeRuns(uri, [
      { name: 'carried', params: { p: [1, 'a'] }, objects: { 'b/é 1.json': { y: 2 } } },
    ]);
    await withOpen(uri, (store) =>
      store.logBatch(id!, {
        metrics: points.map(([step, value]) => ({ key: 'a/b c', value, step, timestamp: 5 })),
      }),
    );
    const through = [join(folder, 'carried'), join(folder, 'carried.zip')];
    for (const target of through) await exportRuns({ uri, runs: ['carried'], target });
    for (const [k, source] of through.entries()) {
      const to = join(folder, `imported${k}`);
      await importRuns({ uri: to, source });
      await withOpen(to, async (store) => {
        const [there, here] = [await store.getRun(id!), await withOpen(uri, (old) => old.getRun(id!))];
        expect({ ...there.info, artifactUri: '' }).toEqual({ ...here.info, artifactUri: '' });
        expect(there.data).toEqual(here.data);
        expect((await store.getMetricHistory(id!, 'a/b c')).map((p) => [p.step, p.value])).toEqual(points);
        expect(Buffer.from(await (await store.artifacts(id!)).read('b/é 1.json')).toString()).toContain(
          '"y"',
        );
      });
      output.take();
      await importRuns({ uri: to, source });
      expect(output.take()).toContain(`${id}: is there already\n`);
    }
  });

  it('take an mlruns of elsewhere, whatever its artifact uris say', async () => {
    const old = join(folder, 'elsewhere');
    const [id] = await makeRuns(join(old, 'mlruns'), [{ name: 'moved', objects: { 'x.json': { z: 3 } } }]);
    renameSync(old, join(folder, 'moved'));
    await importRuns({ uri: join(folder, 'into'), source: join(folder, 'moved') });
    output.take();
    await showRun({ uri: join(folder, 'into'), run: 'moved', artifact: 'x.json' });
    expect(JSON.parse(output.take())).toEqual({ z: 3 });
    await withOpen(join(folder, 'into'), async (store) => {
      expect((await store.artifacts(id!)).uri).toContain('/into/');
    });
  });

  it('overwrite nothing and refuse what holds no runs', async () => {
    const file = join(folder, 'there.zip');
    writeFileSync(file, 'x');
    await expect(exportRuns({ uri, runs: ['first'], target: file })).rejects.toThrow('is there already');
    await expect(importRuns({ uri, source: file })).rejects.toThrow('it is no zip file');
    mkdirSync(join(folder, 'other'));
    writeFileSync(join(folder, 'other', 'notes.txt'), 'mine');
    await expect(exportRuns({ uri, runs: ['first'], target: join(folder, 'other') })).rejects.toThrow(
      'holds no store of runs',
    );
    await expect(importRuns({ uri, source: join(folder, 'other') })).rejects.toThrow('holds no runs');
    expect(readdirSync(join(folder, 'other'))).toEqual(['notes.txt']);
  });
});

describe('a store that was copied', () => {
  it('works whole, artifacts included, and writes nothing to its old place', async () => {
    const copy = join(folder, 'copy');
    cpSync(uri, copy, { recursive: true });
    output.take();
    await showRun({ uri: copy, run: 'first', artifact: 'a/x.json' });
    expect(JSON.parse(output.take())).toEqual({ x: 1 });
    await withOpen(copy, async (store) => {
      await (await store.artifacts(ids[0]!)).write('new.txt', 'new');
      await store.logBatch(ids[0]!, { metrics: [{ key: 'late', value: 1, step: 0, timestamp: 1 }] });
    });
    await withOpen(uri, async (store) => {
      expect(await (await store.artifacts(ids[0]!)).list('')).not.toContainEqual(
        expect.objectContaining({ path: 'new.txt' }),
      );
      expect((await store.getRun(ids[0]!)).data.metrics.has('late')).toBe(false);
    });
  });
});
