import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { formatTime } from '../../components/core/dates.ts';
import { silentLog } from '../../components/core/log.ts';
import { openData } from '../../components/data/folder-provider.ts';
import type { Dataset } from '../../components/dataset/types.ts';
import { DoubleEnsemble } from '../../components/model/double-ensemble.ts';
import { Booster } from '../../components/model/gbdt/index.ts';
import { testContext } from '../components/dataset/context.ts';
import { compareTrees, raw } from './boosters.ts';
import { readTable } from './panels.ts';
import { Difference, goldensData, goldensRoot, readJson, toNumber } from './support.ts';

const folder = join(goldensRoot() ?? '', 'data', 'models');
const data = goldensData();
const names =
  existsSync(join(folder, 'setup.json')) && data !== undefined
    ? readdirSync(folder).flatMap((f) => /^(densemble.*)\.json$/.exec(f)?.slice(1) ?? [])
    : [];
const there = names.length > 0;

interface Case {
  readonly kwargs: Record<string, unknown>;
  readonly numpy_seed: number;
  readonly sub_features: readonly string[][];
  readonly num_trees: readonly number[];
}

describe('DEnsembleModel', () => {
  if (!there) it.skip('no DEnsemble cases in this tree: set GOLDENS and GOLDENS_DATA', () => {});
  const context = there ? testContext(openData(data!)) : undefined!;
  afterAll(() => context?.pool.close());
  let dataset: Promise<Dataset> | undefined;
  for (const name of names)
    it(name, async () => {
      const golden = readJson<Case>(join(folder, `${name}.json`));
      expect(golden.numpy_seed).toBe(0);
      const setup = readJson<Record<string, unknown>>(join(folder, 'setup.json'));
      const kwargs = {
        handler: { class: setup['handler'], kwargs: setup['handler_kwargs'] },
        segments: setup['segments'],
      };
      dataset ??= context.build('dataset', { class: 'DatasetH', kwargs }, []);
      const spec = { class: 'DEnsembleModel', kwargs: golden.kwargs };
      const model = (await context.build('model', spec, [])) as DoubleEnsemble;
      await model.fit(await dataset, { log: silentLog });
      expect(model.subModels.map((sub) => sub.booster.iterations)).toEqual(golden.num_trees);
      expect(model.subModels.map((sub) => sub.features)).toEqual(golden.sub_features);
      for (const [k, { booster }] of model.subModels.entries())
        compareTrees(
          booster,
          Booster.parse(raw(join(folder, `${name}.sub${k}.model.txt.gz`)).toString('utf8')),
        );
      const score = await model.predict(await dataset);
      const table = readTable(folder, 'lgb_pred.csv.gz');
      const column = table.header.indexOf(name);
      expect(column).toBeGreaterThanOrEqual(0);
      const { values } = score.columns[0]!;
      expect(values.length).toBe(table.rows.length);
      const difference = new Difference(1e-6, 1e-9);
      for (const [row, { time, instrument, cells }] of table.rows.entries())
        difference.add(values[row]!, toNumber(cells[column]), () => `${formatTime(time)} ${instrument}`);
      difference.check(table.rows.length);
      expect(await DoubleEnsemble.restore(model.state()).predict(await dataset)).toEqual(score);
    });
});
