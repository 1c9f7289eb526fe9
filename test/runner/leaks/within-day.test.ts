import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leakText } from '../../../runner/leaks/leak-text.ts';
import { proveLeaks } from '../../../runner/leaks/prove-leaks.ts';
import { runWorkflow } from '../../../runner/workflow.ts';
import { prices, TestMarket } from '../../components/data/market.ts';

// forty days of four bars
const days = 40;
const bars = ['09:30:00', '10:30:00', '13:00:00', '14:00:00'];
let market: TestMarket;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qrun-leaks-within-'));
  const names = ['A', 'B', 'C'];
  const daily = names.map((name, i) => [name, { close: { start: 0, values: prices(i, days) } }] as const);
  market = new TestMarket(days, Object.fromEntries(daily));
  const times = market.times.flatMap((_, i) => bars.map((bar) => `${market.day(i)} ${bar}\n`));
  market.write('calendars/60min.txt', times.join(''));
  names.forEach((name, i) => {
    const values = Float32Array.of(0, ...prices(9 + i, days * bars.length));
    mkdirSync(join(market.folder, 'features', name.toLowerCase()), { recursive: true });
    market.write(`features/${name.toLowerCase()}/close.60min.bin`, new Uint8Array(values.buffer));
  });
});
afterAll(() => {
  market.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function prove(feature: string): Promise<string> {
  const config = join(folder, 'w.yaml');
  const at = (day: number) => market.day(day);
  const text = `
qlib_init:
  provider_uri: {day: ${market.folder}, 60min: ${market.folder}}
  region: cn
  custom_ops:
    - {class: DayLast, module_path: qlib.contrib.ops.high_freq}
    - {class: DayCumsum, module_path: qlib.contrib.ops.high_freq}
    - {class: FFillNan, module_path: qlib.contrib.ops.high_freq}
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
          start_time: ${at(2)}
          data_loader:
            class: QlibDataLoader
            kwargs:
              freq: 60min
              config:
                feature: [["${feature}"], [A]]
                label: [["Ref($close,-1)/$close-1"], [L]]
          infer_processors: [{class: Fillna, kwargs: {fields_group: feature}}]
          learn_processors: [{class: DropnaLabel}]
      segments: {train: [${at(2)}, ${at(20)}], test: [${at(24)}, ${at(38)}]}
  record: [{class: SignalRecord, module_path: qlib.workflow.record_temp, kwargs: {model: <MODEL>, dataset: <DATASET>}}]
`;
  writeFileSync(config, text);
  const request = { config, threads: 1, cwd: folder, home: folder, env: {}, now: Date.now };
  return leakText(await proveLeaks({ request, run: runWorkflow, count: 1, say() {} })).join('\n');
}

describe('proveLeaks on data of several rows a day', () => {
  it('finds features that know what comes later on their day', async () => {
    expect(await prove('$close/DayLast($close)')).toMatch(
      /^look-ahead leak: with data until \S+ 10:30:00 earlier values are others\n {2}feature A: \d+ values/,
    );
  });

  it('finds nothing where the last value is that of an earlier day, or sums go up to the row', async () => {
    expect(await prove('$close/DayLast(Ref(FFillNan($close), 4))')).toMatch(
      /^no leak found: 1 columns.* 10:30:00$/,
    );
    expect(await prove("DayCumsum($close, '9:30', '14:59', 60)")).toMatch(
      /^no leak found: 1 columns.* 10:30:00$/,
    );
  });
});
