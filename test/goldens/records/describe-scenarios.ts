import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { regions } from '../../../components/core/context.ts';
import { UserError } from '../../../components/core/errors.ts';
import { PyObject } from '../../../components/core/python.ts';
import { openData } from '../../../components/data/folder-provider.ts';
import type { Dataset } from '../../../components/dataset/types.ts';
import { recordCatalogue } from '../../../records/catalogue.ts';
import { decodeObject } from '../../../records/codec/codec.ts';
import { NumpyArray } from '../../../records/pickle/values.ts';
import type { RecordContext, RecordTemplate } from '../../../records/record.ts';
import type { Recorder } from '../../../records/tracking/recorder.ts';
import { validate } from '../../../runner/config/validate.ts';
import { testContext } from '../../components/backtest/context.ts';
import { newR } from '../../records/tracking/support.ts';
import { goldensRegion } from '../backtest/inputs.ts';
import { Difference, readJson, toNumber } from '../support.ts';
import { compareObjects } from './compare-objects.ts';
import { formulaModel } from './formula-model.ts';
import { refused, type ScenarioConfig, type Stage, scenarios } from './scenarios.ts';

interface ResultJson {
  readonly error?: { readonly type: string; readonly message: string };
  readonly status: string;
  readonly metrics: Readonly<Record<string, unknown>>;
  readonly artifacts: readonly string[];
  readonly python_warnings: readonly string[];
}

/** What ours keeps beside qlib's artifacts. */
const ownArtifacts = new Set(['portfolio_analysis/orders.parquet']);

/** Figures that qlib reckons in float32, or that are a quotient by a spread of nearly nothing. */
const loose = /Long|Short|mean_std|^std\./;

/** Record templates in a run of their own, one test a folder of goldens/backtest/records. */
export function describeScenarios(home: string, data: string | undefined): void {
  const folder = join(home, 'records');
  describe.skipIf(!data || !existsSync(join(folder, 'config.json')))(
    'record templates against qlib (skipped without goldens)',
    () => {
      const names = existsSync(folder)
        ? readdirSync(folder).filter((name) => existsSync(join(folder, name, 'result.json')))
        : [];
      for (const name of names)
        if (scenarios[name]) it(name, () => runScenario(join(folder, name), name, folder, home, data!));
        else it.todo(`${name}: a scenario that this test does not know`);

      it('lists its outputs', async () => {
        const lists = readJson<Record<string, readonly string[]>>(join(folder, 'record_lists.json'));
        const config = readJson<ScenarioConfig>(join(folder, 'config.json'));
        const { stage, make } = await setUp(config, home, data!);
        const port = { config: config.port_config };
        const nested = {
          config: { ...config.port_config, executor: config.nested_executor },
          risk_analysis_freq: ['week', 'day'],
          indicator_analysis_freq: 'week',
        };
        const kwargs: Readonly<Record<string, Record<string, unknown>>> = {
          'SigAnaRecord(ana_long_short)': { ana_long_short: true },
          PortAnaRecord: port,
          'PortAnaRecord(nested)': nested,
          MultiPassPortAnaRecord: port,
        };
        const { paths, ...outputs } = lists as unknown as {
          paths: Record<string, [string, string]>;
        } & typeof lists;
        for (const [label, wanted] of Object.entries(outputs)) {
          const template = await make(stage.context, label.replace(/\(.*/, ''), kwargs[label] ?? {});
          expect(template.list!(), label).toEqual(wanted);
        }
        for (const [label, [path]] of Object.entries(paths))
          expect((await make(stage.context, label, kwargs[label] ?? {})).artifactPath, label).toBe(path);
      });
    },
  );
}

async function make(
  context: RecordContext,
  name: string,
  kwargs: Record<string, unknown>,
): Promise<RecordTemplate> {
  const definition = await recordCatalogue.find((entry) => entry.name === name)!.load();
  const [error] = validate(definition.schema, kwargs).errors;
  if (error) throw error;
  definition.check?.(kwargs as never);
  return (await definition.create(kwargs as never, context as never)) as RecordTemplate;
}

async function setUp(config: ScenarioConfig, home: string, data: string, recorder?: Recorder) {
  const printed: string[] = [];
  const warned: string[] = [];
  let isQuiet = false;
  const base = testContext({
    data: openData(data),
    region: regions[goldensRegion(home)]!,
    log: { warn: (text) => void warned.push(text) },
  });
  const dataset: Dataset = await base.build('dataset', config.dataset, []);
  await dataset.setup();
  const context: RecordContext = {
    ...base,
    recorder: recorder as Recorder,
    model: formulaModel,
    dataset,
    print: (text) => void (isQuiet || printed.push(text)),
  };
  const stage: Stage = {
    context,
    dataset,
    config,
    record: async (name, kwargs = {}) => (await make(context, name, { ...kwargs })).generate(),
    async quietly(work) {
      isQuiet = true;
      await work();
      isQuiet = false;
    },
  };
  return { stage, printed, warned, make };
}

async function runScenario(
  folder: string,
  name: string,
  all: string,
  home: string,
  data: string,
): Promise<void> {
  const result = readJson<ResultJson>(join(folder, 'result.json'));
  const config = readJson<ScenarioConfig>(join(all, 'config.json'));
  const { R } = newR();
  let recorder!: Recorder;
  let printed: string[] = [];
  let warned: string[] = [];
  let failure: unknown;
  await R.start({ experimentName: 'golden_records', recorderName: name }, async () => {
    recorder = await R.getRecorder();
    const scene = await setUp(config, home, data, recorder);
    ({ printed, warned } = scene);
    await scenarios[name]!(scene.stage);
  }).catch((error: unknown) => {
    failure = error;
  });
  if (result.error || refused[name]) {
    expect(failure).toBeInstanceOf(UserError);
    if (refused[name]) expect((failure as UserError).problem).toBe(refused[name]);
    expect(recorder.status).toBe('FAILED');
    expect(await recorder.listMetrics()).toEqual({});
    expect(await artifactsOf(recorder)).toEqual(result.artifacts);
    return;
  }
  if (failure) throw failure;
  expect(recorder.status).toBe(result.status);
  expect(await artifactsOf(recorder)).toEqual(result.artifacts);
  // of the market qlib warns through its logger, which is not part of the goldens
  const ofRecords = warned.filter((text) => /^no (report|indicators) of freq/.test(text));
  expect(ofRecords.length).toBe(result.python_warnings.length);
  const metrics = await recorder.listMetrics();
  expect(Object.keys(metrics).sort()).toEqual(Object.keys(result.metrics).sort());
  compareMetrics(metrics, result.metrics);
  comparePrinted(printed.join('\n'), readFileSync(join(folder, 'stdout.txt'), 'utf8').trimEnd());
  for (const file of result.artifacts) {
    const raw = join(folder, 'pickles', file);
    if (!existsSync(raw)) continue;
    const difference = new Difference(file.includes('long') || file.includes('multi') ? 1e-4 : 1e-8, 1e-11);
    if (file.includes('multi_pass')) continue;
    const theirs = decodeObject(file, readFileSync(raw));
    // qlib's outer level turns the prices of the inner level into money, in place.
    if (name.includes('nested') && file.includes('1day_obj'))
      priceToMoney(await recorder.loadObject(file), theirs, difference);
    else compareObjects(await recorder.loadObject(file), theirs, difference, file);
    difference.check();
  }
}

/** Compares objects in which qlib's trade prices have become price x amount. */
function priceToMoney(ours: unknown, theirs: unknown, difference: Difference): void {
  const own = (ours as PyObject).state.get('order_indicator_his') as ReadonlyMap<unknown, PyObject>;
  const steps = [...own.values()];
  const last = (ours as PyObject).state.get('order_indicator') as PyObject;
  for (const step of [...steps, last]) {
    const data = step.state.get('data') as Map<string, PyObject>;
    const [price, amount] = [data.get('trade_price'), data.get('deal_amount')];
    if (!price || !amount) continue;
    const [p, a] = [price, amount].map((single) => single.state.get('data') as NumpyArray) as [
      NumpyArray,
      NumpyArray,
    ];
    const money = Float64Array.from(p.values as Float64Array, (x, i) => x * Number(a.values[i]));
    const state = new Map([...price.state, ['data', new NumpyArray(p.shape, 'float64', money)]]);
    data.set('trade_price', new PyObject(price.module, price.name, state));
  }
  compareObjects(ours, theirs, difference, 'money');
}

function compareMetrics(
  ours: Readonly<Record<string, number>>,
  theirs: Readonly<Record<string, unknown>>,
): void {
  const exact = new Difference(1e-8, 1e-12);
  const single = new Difference(1e-5, 1e-9);
  for (const [key, value] of Object.entries(theirs)) {
    if (key.startsWith('std.') || key.startsWith('mean_std.')) continue;
    (loose.test(key) ? single : exact).add(ours[key]!, toNumber(value), key);
  }
  if (exact.count > 0) exact.check();
  if (single.count > 0) single.check();
}

/** The texts must be alike to the character, numbers to five digits. */
function comparePrinted(ours: string, theirs: string): void {
  const number = /-?(?:\d+\.\d+(?:e[+-]\d+)?|\d+e[+-]\d+|inf|nan)/g;
  // The last table of several passes that agree: quotients by a spread of nothing.
  const passes = /\n +mean +(?:std|\.\.\.)[\s\S]*$/;
  const [a, b] = [ours.replace(passes, ''), theirs.replace(passes, '')];
  expect(a.replace(number, '#')).toBe(b.replace(number, '#'));
  const [x, y] = [a.match(number) ?? [], b.match(number) ?? []];
  const difference = new Difference(1e-5, 1.1e-6);
  for (const [i, text] of y.entries()) difference.add(Number(x[i]), Number(text), `printed number ${i}`);
  if (y.length > 0) difference.check();
}

async function artifactsOf(recorder: Recorder, path = ''): Promise<string[]> {
  const found: string[] = [];
  for (const child of await recorder.listArtifacts(path)) {
    const below = await artifactsOf(recorder, child);
    if (below.length > 0) found.push(...below);
    else found.push(child);
  }
  return found.filter((name) => !ownArtifacts.has(name)).sort();
}
