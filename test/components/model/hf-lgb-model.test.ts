import { expect, it } from 'vitest';
import { silentLog } from '../../../components/core/log.ts';
import { denseColumn, Panel, PanelIndex } from '../../../components/core/panel.ts';
import type { Dataset } from '../../../components/dataset/types.ts';
import { train } from '../../../components/model/gbdt/index.ts';
import { HFLGBModel } from '../../../components/model/hf-lgb-model.ts';
import { makeCase } from './gbdt/made-data.ts';

/** 20 times of 20 instruments. */
function makePanel(seed: number) {
  const { columns, label } = makeCase(400, seed, 'real');
  const times = Float64Array.from({ length: 20 }, (_, t) => t * 60_000);
  const offsets = Int32Array.from({ length: 21 }, (_, t) => 20 * t);
  const names = Array.from({ length: 20 }, (_, i) => `I${String(i).padStart(2, '0')}`);
  const codes = Int32Array.from({ length: 400 }, (_, row) => row % 20);
  return new Panel(new PanelIndex(times, offsets, names, codes), [
    ...columns.map(({ values }, f) => denseColumn('feature', `F ${f}`, values)),
    denseColumn(
      'label',
      'LABEL0',
      Float32Array.from({ length: 400 }, (_, i) => label[i]!),
    ),
  ]);
}

it('HFLGBModel learns whether a label is below the mean of its time', async () => {
  const panels = new Map(['train', 'valid', 'test'].map((name, i) => [name, makePanel(3 + i)]));
  const dataset = {
    segments: new Map([...panels.keys()].map((name) => [name, { start: null, end: null }])),
    setup: async () => {},
    prepare: async (segment: string, { colSet }: { colSet: unknown }) =>
      colSet === 'feature' ? panels.get(segment)!.group('feature') : panels.get(segment)!,
  } as unknown as Dataset;
  const params = { loss: 'binary', num_leaves: 5, min_data_in_leaf: 5, num_threads: 1 } as const;
  const model = new HFLGBModel(params);
  await model.fit(dataset, { log: silentLog });
  const setOf = (name: string) => {
    const { columns } = panels.get(name)!;
    const label = columns.at(-1)!.values;
    const above = Array.from(label, (y, i) => {
      const day = Array.from(label.subarray(i - (i % 20), i - (i % 20) + 20));
      return y < day.reduce((a, b) => a + b, 0) / 20 ? 0 : 1;
    });
    return {
      columns: columns
        .slice(0, -1)
        .map(({ values, rows, name: f }) => ({ name: f.replace(' ', '_'), values, rows })),
      label: above,
    };
  };
  const expected = await train({
    params: { objective: 'binary', num_leaves: 5, min_data_in_leaf: 5, num_threads: 1, verbosity: -1 },
    data: setOf('train'),
    rounds: 1000,
    valids: [{ name: 'valid', data: setOf('valid') }],
    earlyStopping: { rounds: 50 },
  });
  expect(model.booster!.toText()).toBe(expected.booster.toText());
  const score = await model.predict(dataset);
  expect([...score.columns[0]!.values]).toEqual([...expected.booster.predict(setOf('test').columns, 400)]);
  expect(await HFLGBModel.restore(model.state()).predict(dataset)).toEqual(score);
});
