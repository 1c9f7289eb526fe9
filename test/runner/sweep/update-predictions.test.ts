import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { denseValues } from '../../../components/core/panel.ts';
import { writeDemoMarket } from '../../../components/data/demo/write-market.ts';
import { openStore } from '../../../records/tracking/open-store.ts';
import { updatePredictions } from '../../../runner/sweep/predictions/update.ts';
import { runWorkflow } from '../../../runner/workflow.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qrun-update-test-'));
  writeDemoMarket(join(folder, 'market'), { instruments: 12, years: 2, seed: 5 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const models = {
  LGBModel: '{class: LGBModel, module_path: qlib.contrib.model.gbdt, kwargs: {num_boost_round: 8}}',
  HFLGBModel:
    '{class: HFLGBModel, module_path: qlib.contrib.model.highfreq_gdbt_model, kwargs: {loss: mse, num_boost_round: 8}}',
  XGBModel:
    '{class: XGBModel, module_path: qlib.contrib.model.xgboost, kwargs: {eval_metric: rmse, max_depth: 3}}',
  CatBoostModel:
    '{class: CatBoostModel, module_path: qlib.contrib.model.catboost_model, kwargs: {loss: RMSE, iterations: 8, depth: 3}}',
  DEnsembleModel:
    '{class: DEnsembleModel, module_path: qlib.contrib.model.double_ensemble, kwargs: {base_model: gbm, num_models: 2, epochs: 8, decay: 0.5, sub_weights: [1, 0.5], sample_ratios: [0.8, 0.7, 0.6, 0.5, 0.4]}}',
  LinearModel: '{class: LinearModel, module_path: qlib.contrib.model.linear, kwargs: {estimator: ols}}',
};

const text = (model: string) => `
qlib_init: {provider_uri: ${join(folder, 'market')}, region: us}
task:
  model: ${model}
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
                feature: [["$close/Ref($close,5)-1", "Std($close,5)/$close", "$open/$close"], [A, B, C]]
                label: [["Ref($close,-2)/Ref($close,-1)-1"], [L]]
          infer_processors:
            - {class: ZScoreNorm, kwargs: {fields_group: feature, fit_start_time: 2022-01-03, fit_end_time: 2022-12-30}}
            - {class: Fillna, kwargs: {fields_group: feature}}
          learn_processors:
            - {class: DropnaLabel}
      segments: {train: [2022-01-03, 2022-10-31], valid: [2022-11-01, 2022-12-30], test: [2023-01-03, 2023-06-30]}
  record:
    - {class: SignalRecord, module_path: qlib.workflow.record_temp, kwargs: {model: <MODEL>, dataset: <DATASET>}}
`;

describe('updatePredictions', () => {
  it.each(Object.entries(models))('restores %s and goes on where its run ended', async (name, model) => {
    const config = join(folder, `${name}.yaml`);
    writeFileSync(config, text(model));
    const where = { cwd: folder, home: folder, env: { QRUN_CACHE: join(folder, 'cache') }, threads: 1 };
    const { runId, uri } = await runWorkflow({
      ...where,
      config,
      verbose: false,
      terminal: { isTTY: false, write() {} },
      now: Date.now,
    });
    const store = await openStore(uri, Date.now);
    const update = await updatePredictions({
      ...where,
      store,
      runId,
      config: text(model),
      overrides: [],
      end: Date.UTC(2023, 8, 29),
    });
    await store.close();
    expect([update.before, update.after]).toEqual(['2023-06-30', '2023-09-29']);
    expect(update.newRows).toBeGreaterThan(12 * 50);
    expect(update.lastDayDifference).toBeLessThan(1e-6);
    const scores = denseValues(update.pred.columns[0]!);
    expect(new Set(scores.slice(-update.newRows)).size).toBeGreaterThan(5);
  });

  it('normalises later days with what was learned then, where the range that is learned from has no end', async () => {
    const config = join(folder, 'open.yaml');
    const open = text(models.LinearModel)
      .replace('fit_end_time: 2022-12-30', 'fit_end_time: null')
      .replace('end_time: 2023-12-15', 'end_time: 2023-06-30');
    writeFileSync(config, open);
    const where = { cwd: folder, home: folder, env: { QRUN_CACHE: join(folder, 'cache') }, threads: 1 };
    const terminal = { isTTY: false, write() {} };
    const { runId, uri } = await runWorkflow({ ...where, config, verbose: false, terminal, now: Date.now });
    const store = await openStore(uri, Date.now);
    const ask = { ...where, store, runId, config: open, overrides: [], end: Date.UTC(2023, 8, 29) };
    expect((await updatePredictions(ask)).lastDayDifference).toBeLessThan(1e-9);
    // without it the same days are normalised otherwise
    rmSync((await store.artifacts(runId)).localPath('processors.pkl')!);
    expect((await updatePredictions(ask)).lastDayDifference).toBeGreaterThan(1e-6);
    await store.close();
  });
});
