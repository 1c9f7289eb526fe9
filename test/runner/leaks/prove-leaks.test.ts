import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeDemoMarket } from '../../../components/data/demo/write-market.ts';
import { leakText } from '../../../runner/leaks/leak-text.ts';
import { proveLeaks } from '../../../runner/leaks/prove-leaks.ts';
import { runWorkflow } from '../../../runner/workflow.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qrun-leaks-test-'));
  writeDemoMarket(join(folder, 'market'), { instruments: 12, years: 2, seed: 5 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Parts {
  readonly feature: string;
  readonly fitEnd: string;
  readonly train: string;
}
const sound: Parts = { feature: '$close/Ref($close,5)-1', fitEnd: '2022-12-30', train: '2022-12-30' };

const text = ({ feature, fitEnd, train }: Parts) => `
qlib_init: {provider_uri: ${join(folder, 'market')}, region: us}
task:
  model: {class: LinearModel, module_path: qlib.contrib.model.linear, kwargs: {estimator: ridge, alpha: 0.05}}
  dataset:
    class: DatasetH
    module_path: qlib.data.dataset
    kwargs:
      handler:
        class: DataHandlerLP
        module_path: qlib.data.dataset.handler
        kwargs:
          instruments: all
          start_time: 2022-01-03
          end_time: 2023-12-15
          data_loader:
            class: QlibDataLoader
            module_path: qlib.data.dataset.loader
            kwargs:
              config:
                feature: [["${feature}", "Std($close,5)/$close"], [A, B]]
                label: [["Ref($close,-2)/Ref($close,-1)-1"], [L]]
          infer_processors:
            - {class: ZScoreNorm, kwargs: {fields_group: feature, fit_start_time: 2022-01-03, fit_end_time: ${fitEnd}}}
            - {class: Fillna, kwargs: {fields_group: feature}}
          learn_processors:
            - {class: DropnaLabel}
      segments: {train: [2022-01-03, ${train}], test: [2023-01-03, 2023-12-15]}
  record:
    - {class: SignalRecord, module_path: qlib.workflow.record_temp, kwargs: {model: <MODEL>, dataset: <DATASET>}}
    - class: PortAnaRecord
      module_path: qlib.workflow.record_temp
      kwargs:
        config:
          strategy:
            class: TopkDropoutStrategy
            module_path: qlib.contrib.strategy
            kwargs: {signal: <PRED>, topk: 4, n_drop: 1}
          backtest:
            start_time: 2023-01-03
            end_time: 2023-12-15
            account: 1000000
            benchmark: DEMO_INDEX
            exchange_kwargs: {limit_threshold: null, deal_price: close, open_cost: 0.0005, close_cost: 0.0015, min_cost: 5}
`;

async function prove(change: Partial<Parts>): Promise<string> {
  const config = join(folder, 'w.yaml');
  writeFileSync(config, text({ ...sound, ...change }));
  const request = { config, threads: 2, cwd: folder, home: folder, env: {}, now: Date.now };
  return leakText(await proveLeaks({ request, run: runWorkflow, count: 2, say() {} })).join('\n');
}

describe('proveLeaks', () => {
  it('finds nothing in a sound workflow, and says what it compared', async () => {
    expect(await prove({})).toMatch(
      /^no leak found: 2 columns, .*orders\.parquet.*pred\.pkl are the same with data until 2023-\d\d-\d\d, 2023-\d\d-\d\d$/,
    );
  });

  it.each([
    [
      'a feature that reads later days',
      { feature: 'Ref($close,-3)/$close' },
      /feature A: \d+ values, such as 2023-.* NaN without later days/,
    ],
    ['a processor that learns from tested days', { fitEnd: '2023-12-15' }, /processed feature A: \d+ values/],
    [
      'a model that learns from tested days',
      { train: '2023-12-15' },
      /prediction score: \d+ values, such as .* apart/,
    ],
  ])('finds %s', async (_, change, message) => {
    const told = await prove(change);
    expect(told).toMatch(/^look-ahead leak: with data until 2023-/);
    expect(told).toMatch(message);
  });
});
