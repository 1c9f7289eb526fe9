import {
  appendFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { packageRoot } from '../../../../../components/core/package-root.ts';
import { formatIndex, readIndex } from '../../../../../records/tracking/file/bulk/index-file.ts';
import { marksIn, recordOf } from '../../../../../records/tracking/file/bulk/known-runs.ts';
import { marksOf } from '../../../../../records/tracking/file/bulk/marks.ts';
import { readRecord } from '../../../../../records/tracking/file/bulk/read-record.ts';
import { RunIndex } from '../../../../../records/tracking/file/bulk/run-index.ts';
import { markSize } from '../../../../../records/tracking/file/bulk/run-record.ts';
import { newFolder } from '../../support.ts';
import { indexFile, type ManyRuns, manyRuns, settle } from './many-runs.ts';

/** The same length, another text. */
const otherText = (text: string): string => text.replace(/[0-9]/g, (c) => String((Number(c) + 1) % 10));
const rewrite = (path: string): void => writeFileSync(path, otherText(readFileSync(path, 'utf8')));

/** What a program may do to the files of a run, whoever wrote it. */
const changes: Readonly<Record<string, (run: string) => void>> = {
  'appends to a metric': (run) => appendFileSync(join(run, 'metrics/m'), '7 -3.25 9\n'),
  'appends half a line': (run) => appendFileSync(join(run, 'metrics/m'), '8 1'),
  'writes over a metric in place': (run) => rewrite(join(run, 'metrics/m')),
  'writes over a param in place': (run) => rewrite(join(run, 'params/p')),
  'writes over a tag in place': (run) => rewrite(join(run, 'tags/mlflow.runName')),
  'writes over a value and sets the old times': (run) => {
    for (const file of ['params/p', 'metrics/a/n', 'tags/mlflow.runName']) {
      const { atime, mtime } = lstatSync(join(run, file));
      rewrite(join(run, file));
      utimesSync(join(run, file), atime, mtime);
    }
  },
  'restores a folder with its old times': (run) => {
    for (const kind of ['params', 'metrics', 'tags']) {
      const { atime, mtime } = lstatSync(join(run, kind));
      cpSync(join(run, kind), `${run}/../.copy`, { recursive: true, preserveTimestamps: true });
      rmSync(join(run, kind), { recursive: true });
      renameSync(`${run}/../.copy`, join(run, kind));
      rmSync(join(run, kind, kind === 'params' ? 'q é' : 'm'), { force: true });
      utimesSync(join(run, kind), atime, mtime);
    }
  },
  'replaces a value by renaming': (run) => {
    writeFileSync(join(run, 'artifacts/new'), 'v9');
    renameSync(join(run, 'artifacts/new'), join(run, 'params/p'));
  },
  'adds values, some in folders': (run) => {
    mkdirSync(join(run, 'params/x/y'), { recursive: true });
    writeFileSync(join(run, 'params/x/y/z'), 'deep');
    writeFileSync(join(run, 'metrics/a/o'), '1 2 3\n');
  },
  'takes values away': (run) => {
    rmSync(join(run, 'metrics/a/n'), { force: true });
    rmSync(join(run, 'params/q é'), { force: true });
  },
  'puts a link in the place of a value': (run) => {
    renameSync(join(run, 'params/p'), join(run, 'artifacts/p'));
    symlinkSync('../artifacts/p', join(run, 'params/p'));
  },
  'empties a metric': (run) => writeFileSync(join(run, 'metrics/m'), ''),
  'takes the run away': (run) => rmSync(run, { recursive: true }),
  'ends or renames the run': (run) => rewrite(join(run, 'meta.yaml')),
};

/** Does it, as far as the run still has what it needs. */
function change(name: string, run: string): void {
  try {
    changes[name]!(run);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
  }
}

async function indexed(): Promise<{ runs: ManyRuns; cache: string }> {
  const runs = await manyRuns();
  const cache = join(newFolder(), 'runs');
  await settle();
  await runs.search(cache);
  return { runs, cache };
}

describe('BulkLoader', () => {
  afterEach(() => void vi.unstubAllEnvs());

  it('gives what reading run by run gives, from an index or without', async () => {
    const { runs, cache } = await indexed();
    const expected = [...Array(104).keys()].reverse().map((run) => ({
      info: { runId: `r${String(run).padStart(5, '0')}`, runName: `name ${run}` },
      data: {
        metrics: new Map([
          ['m', { value: run + 0.5, timestamp: 5, step: 0 }],
          ['a/n', { value: run, timestamp: 6, step: 2 }],
        ]),
        params: new Map([
          ['p', `v${run % 7}`],
          ['q é', ''],
        ]),
        tags: new Map([['mlflow.runName', `name ${run}`]]),
      },
    }));
    expect(existsSync(indexFile(cache))).toBe(true);
    expect(await runs.search(cache)).toMatchObject(expected);
    expect(await runs.search()).toMatchObject(expected);
  });

  it('does not read what the index holds, and believes it of no file that changed', async () => {
    const { runs, cache } = await indexed();
    // an index that says something else shows which of the two was believed
    const file = indexFile(cache);
    const experiment = join(runs.folder, runs.experimentId);
    const known = readIndex(file, experiment);
    expect(known.runs.size).toBe(104);
    const others = [...known.runs].map(([id, run]) => {
      const record = { ...recordOf(known, run, 0), texts: ['x', 'y', 'z'] };
      return [id, { record, marks: marksIn(known, run) }] as const;
    });
    writeFileSync(file, formatIndex(experiment, new Map(others)));
    appendFileSync(join(runs.at(3), 'metrics/m'), '6 1 1\n');
    const params = new Map((await runs.search(cache)).map((r) => [r.info.runId, r.data.params.get('p')]));
    expect([params.get('r00002'), params.get('r00003'), params.get('r00004')]).toEqual(['x', 'v3', 'x']);
  });

  it('sees whatever somebody does to a run', async () => {
    const { runs, cache } = await indexed();
    for (const [k, name] of Object.keys(changes).entries()) {
      const before = await runs.search();
      for (const run of [k, 40 + k, 80 + k]) change(name, runs.at(run));
      const after = await runs.search();
      // what is no whole line is not read
      if (name !== 'appends half a line') expect(after, name).not.toEqual(before);
      expect(await runs.search(cache), name).toEqual(after);
    }
  });

  it('is as true as reading after any changes, searches and savings between them', async () => {
    const { runs, cache } = await indexed();
    const step = fc.tuple(fc.constantFrom(...Object.keys(changes)), fc.nat(103));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), async (steps) => {
        for (const [name, run] of steps) change(name, runs.at(run));
        expect(await runs.search(cache)).toEqual(await runs.search());
        // half of the times the next changes meet an index that was made after these
        if (steps.length % 2) {
          rmSync(cache, { recursive: true, force: true });
          await settle();
          await runs.search(cache);
        }
      }),
      { numRuns: 12, seed: 4 },
    );
  });

  it('keeps nothing of files that changed just before they were read', async () => {
    const runs = await manyRuns(1);
    const experiment = join(runs.folder, runs.experimentId);
    const record = readRecord(runs.at(0), new Map());
    const marks = marksOf(runs.at(0), record.files, Number.POSITIVE_INFINITY)!;
    const last = Math.max(...marks.filter((_, i) => i % markSize === 0));
    for (const [since, count] of [
      [50, 0],
      [51, 1],
    ] as const) {
      const cache = newFolder();
      const index = new RunIndex(cache);
      index.add(experiment, ['r00000'], [['r00000', { ...record, readAt: last + since }]]);
      index.save();
      expect(new RunIndex(cache).known(experiment).runs.size).toBe(count);
    }
  });

  it('takes a damaged index for none', async () => {
    const { runs, cache } = await indexed();
    const file = indexFile(cache);
    const experiment = join(runs.folder, runs.experimentId);
    const whole = readFileSync(file);
    expect(readIndex(file, `${experiment}0`).runs.size).toBe(0);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, by, cut) => {
        const bytes = Buffer.from(cut ? whole.subarray(0, at) : whole);
        if (!cut) bytes[at]! ^= by;
        writeFileSync(file, bytes);
        expect(readIndex(file, experiment).runs.size).toBe(0);
      }),
      { numRuns: 200, seed: 4 },
    );
    expect((await runs.search(cache)).length).toBe(104);
  });

  it('does itself what a thread does not deliver', async () => {
    const { runs, cache } = await indexed();
    const expected = await runs.search();
    const dist = newFolder();
    vi.stubEnv('QRUN_DIST', relative(packageRoot(), dist));
    for (const end of ['process.exit(1)', "throw new Error('x')"]) {
      writeFileSync(
        join(dist, 'read-runs.js'),
        `require('node:worker_threads').parentPort.once('message', ({ job, thread }) => {
          Atomics.store(job.next, 1 + thread, 1);
          Atomics.add(job.next, 0, 40);
          ${end};
        });`,
      );
      expect(await runs.search(cache)).toEqual(expected);
      expect(await runs.search()).toEqual(expected);
    }
    rmSync(join(dist, 'read-runs.js'));
    expect(await runs.search()).toEqual(expected);
  });

  it('searches where the cache cannot be written', async () => {
    const runs = await manyRuns();
    const blocked = join(newFolder(), 'file');
    writeFileSync(blocked, '');
    expect((await runs.search(join(blocked, 'runs'))).length).toBe(104);
  });
});
