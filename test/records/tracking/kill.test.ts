import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../../records/tracking/open-store.ts';
import { bundle, type Child, startChild } from './child.ts';
import { newFolder } from './support.ts';

const seconds = Number(process.env['KILL_SECONDS'] || 2);
const writers = Number(process.env['KILL_WRITERS'] || 4);

/** Every line that was acknowledged, by what it is about. */
function acknowledged(children: readonly Child[]) {
  const runs = new Set<string>();
  const finished = new Set<string>();
  const metrics = new Map<string, string[]>();
  const params = new Map<string, string>();
  const tags = new Map<string, number>();
  for (const line of children.flatMap((child) => child.lines)) {
    const [kind, run = '', key = '', value = ''] = line.split('\t');
    const id = `${run}\t${key}`;
    if (kind === 'run') runs.add(run);
    else if (kind === 'finished') finished.add(run);
    else if (kind === 'param') params.set(id, value);
    else if (kind === 'tag') tags.set(id, Number(value));
    else if (kind === 'metric') metrics.set(id, [...(metrics.get(id) ?? []), value]);
  }
  return { runs, finished, metrics, params, tags };
}

describe.each(['file', 'sqlite'])('a store of kind %s', (kind) => {
  it(`loses nothing acknowledged and keeps no half file when ${writers} writers are killed for ${seconds} s`, async () => {
    const folder = join(newFolder(), 'mlruns');
    const uri = kind === 'file' ? `file://${folder}` : `sqlite:///${folder}/runs.db`;
    const store = await openStore(uri, Date.now);
    const experimentId = await store.createExperiment('killed');
    const shared = (await store.createRun({ experimentId, runName: 'shared', userId: 'u', startTime: 1 }))
      .runId;
    await store.close();
    const script = bundle('log-forever');
    const children: Child[] = [];
    const end = Date.now() + seconds * 1000;
    let kills = 0;
    const slot = async (name: string) => {
      for (let generation = 0; Date.now() < end; generation++) {
        const child = startChild(script, [uri, experimentId, shared, `${name}${generation}`]);
        children.push(child);
        // half of them once they write, however slow the machine is; the others at any moment of their start
        if (generation % 2 === 0) await Promise.race([child.first, sleep(60_000)]);
        await sleep(Math.random() * 900);
        child.process.kill('SIGKILL');
        kills++;
        expect(await child.ended).toBe('SIGKILL');
      }
    };
    await Promise.all(Array.from({ length: writers }, (_, i) => slot(String.fromCharCode(97 + i))));
    expect(kills).toBeGreaterThanOrEqual(writers);

    const told = acknowledged(children);
    const reader = await openStore(uri, Date.now);
    const { items } = await reader.searchRuns([experimentId], { maxResults: 50_000 });
    const byId = new Map(items.map((run) => [run.info.runId, run]));
    for (const id of told.runs) expect(byId.has(id), `run ${id}`).toBe(true);
    for (const id of told.finished) expect(byId.get(id)!.info.status).toBe('FINISHED');
    for (const [id, value] of told.params) {
      const [run, key] = id.split('\t') as [string, string];
      expect(byId.get(run)!.data.params.get(key)).toBe(value);
    }
    for (const [id, value] of told.tags) {
      const [run, key] = id.split('\t') as [string, string];
      expect(Number(byId.get(run)!.data.tags.get(key))).toBeGreaterThanOrEqual(value);
    }
    let values = 0;
    for (const [id, wanted] of told.metrics) {
      const [run, key] = id.split('\t') as [string, string];
      const stored = new Map<string, number>();
      for (const { value } of await reader.getMetricHistory(run, key))
        stored.set(String(value), (stored.get(String(value)) ?? 0) + 1);
      for (const value of wanted) {
        values++;
        const left = stored.get(value) ?? 0;
        expect(left, `${id} = ${value}`).toBeGreaterThan(0);
        stored.set(value, left - 1);
      }
    }
    // how many depends on the load of the machine; none would mean that nothing was tested
    expect(values).toBeGreaterThan(0);

    for (const entry of kind === 'sqlite'
      ? []
      : readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || entry.name.startsWith('.new-')) continue;
      const path = join(entry.parentPath ?? entry.path, entry.name);
      const text = readFileSync(path, 'utf8');
      if (/\/metrics\//.test(path)) expect(text, path).toMatch(/^(?:\d+ \d+\.\d+ \d+\n)+$/);
      else expect(text, path).not.toBe('');
    }
    const next = await reader.createRun({ experimentId, runName: 'next', userId: 'u', startTime: 2 });
    await reader.logBatch(shared, { metrics: [{ key: 'shared', value: 0.5, timestamp: 1, step: 0 }] });
    expect((await reader.getRun(next.runId)).info.status).toBe('RUNNING');
    await reader.close();
  });
});
