import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../components/core/package-root.ts';
import { PyFloat, PyObject, PyTimestamp } from '../../../components/core/python.ts';
import { figureTable, stackedTable } from '../../../records/template/tables.ts';
import { createR } from '../../../records/tracking/r.ts';
import { newFolder, quietEnvironment } from './support.ts';

const peer = process.env['PEER'];
const python = peer ? join(peer, 'bin', 'python') : '';

interface Seen {
  readonly mlflow: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly qlib: {
    readonly recorders: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    readonly found: string[];
  };
  readonly made: [string, string];
}

describe.skipIf(!peer || !existsSync(python))(
  'a store of ours (skipped unless PEER names a Python with qlib)',
  () => {
    it.each(['file', 'sqlite'])(
      'is read, and written on, by MLflow and by R of qlib: %s',
      async (kind) => {
        const folder = newFolder();
        const uri = kind === 'file' ? `file://${folder}/mlruns` : `sqlite:///${folder}/runs.db`;
        const R = createR({ uri, environment: quietEnvironment, signals: null });
        const position = new PyObject(
          'qlib.backtest.position',
          'Position',
          new Map<string, unknown>([
            ['_settle_type', 'None'],
            ['position', new Map<string, unknown>([['cash', new PyFloat(5)]])],
            ['init_cash', 10],
          ]),
        );
        const one = await R.start({ experimentName: "it's: #1 'ü'", recorderName: 'one' }, async () => {
          await R.logParams({ a: 1, 'p/q': [1, null], long: 'x'.repeat(6000), 'with space': 'a\nb' });
          await R.logMetrics({
            'l2/valid': [
              [0, 1],
              [1, 0.25],
            ],
            IC: 0.05,
            nan: Number.NaN,
            big: 1e22,
          });
          await R.setTags({ t: 'ü', empty: '' });
          await R.saveObjects(
            {
              'figures.pkl': figureTable('risk', { mean: 0.5, std: Number.NaN }),
              'stacked.pkl': stackedTable('risk', { a: { x: 1 }, b: { y: 2 } }),
              'positions.pkl': new Map([[new PyTimestamp(Date.UTC(2020, 0, 2)), position]]),
            },
            'deep/er',
          );
          return R.getRecorder();
        });
        const failed = await R.start({ experimentName: 'e', recorderName: 'failed' }, () => {
          throw new Error('on purpose');
        }).catch(() => R.getRecorder({ experimentName: 'e', recorderName: 'failed' }));
        const gone = await R.start({ experimentName: 'e', recorderName: 'gone' }, () => R.getRecorder());
        await (await R.getExp({ experimentName: 'e' })).deleteRecorder({ recorderId: gone.id });

        const run = spawnSync(python, [join(packageRoot(), 'test/parity/read_by_mlflow.py'), uri], {
          encoding: 'utf8',
          cwd: '/',
        });
        expect(run.status, run.stderr).toBe(0);
        const seen = JSON.parse(run.stdout.trim().split('\n').at(-1)!) as Seen;

        // R closes nothing: MLflow reads beside an open store.
        expect(seen.mlflow[one.id]).toMatchObject({
          experiment: "it's: #1 'ü'",
          stage: 'active',
          name: 'one',
          status: 'FINISHED',
          ended: true,
          params: {
            a: '1',
            'p/q': '[1, None]',
            long: 'x'.repeat(6000),
            'with space': 'a\nb',
            'cmd-sys.argv': 'test.ts --all',
          },
          tags: { t: 'ü', empty: '', 'mlflow.runName': 'one', 'mlflow.user': 'tester' },
          metrics: { 'l2/valid': 0.25, IC: 0.05, nan: 'nan', big: 1e22 },
          artifacts: ['deep/er/figures.pkl', 'deep/er/positions.pkl', 'deep/er/stacked.pkl'],
        });
        const history = (seen.mlflow[one.id]!['history'] as Record<string, [number, number, number][]>)[
          'l2/valid'
        ]!;
        expect(history.map(([, value, step]) => [step, value])).toEqual([
          [0, 1],
          [1, 0.25],
        ]);
        expect(seen.mlflow[failed.id]).toMatchObject({ name: 'failed', status: 'FAILED', stage: 'active' });
        expect(seen.mlflow[gone.id]).toMatchObject({ stage: 'deleted' });

        expect(Object.keys(seen.qlib.recorders).sort()).toEqual([one.id, failed.id].sort());
        expect(seen.qlib.found).toEqual([one.id]);
        expect(seen.qlib.recorders[one.id]).toMatchObject({
          name: 'one',
          status: 'FINISHED',
          objects: {
            'deep/er/stacked.pkl': {
              columns: ['risk'],
              dtypes: ['float64'],
              rows: [
                ['a', 'x', 1],
                ['b', 'y', 2],
              ],
            },
            'deep/er/positions.pkl': {
              '2020-01-02 00:00:00': { class: 'qlib.backtest.position.Position', text: "{'cash': 5.0}" },
            },
          },
        });

        const again = await R.getRecorder({ experimentName: "it's: #1 'ü'", recorderId: one.id });
        expect((await again.listMetrics())['by mlflow']).toBe(1.5);
        expect((await again.listParams())['by_mlflow']).toBe('yes');
        expect((await again.listTags())['mlflow.note.content']).toBe('line one\nline two: ü');
        expect(await again.loadObject('notes/a.txt')).toBe('hello');
        const [experimentId, runId] = seen.made;
        const store = await R.expManager.store();
        expect(await store.getExperiment(experimentId)).toMatchObject({
          name: 'made by mlflow: ü #1',
          tags: new Map([['team', 'x']]),
        });
        expect((await store.getRun(runId)).info).toMatchObject({ runName: '123', status: 'KILLED' });
      },
      120_000,
    );
  },
);
