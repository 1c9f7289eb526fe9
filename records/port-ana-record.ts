import type { Table } from '../components/core/table.ts';
import { encodeObject } from './codec/codec.ts';
import { Encoded } from './codec/encoded.ts';
import { analysePortAna, type PortAnaRun, runPortAna } from './port-ana/generate.ts';
import {
  fullConfig,
  type PortAnaRecordOptions,
  type PortConfig,
  portAnaProperties,
} from './port-ana/options.ts';
import { type AnalysedFreqs, analysedFreqs } from './port-ana/report-freqs.ts';
import type { RecordContext, RecordDefinition } from './record.ts';
import { portfolioOf } from './report/data/portfolio.ts';
import { earlySurface, keepSurface } from './report/early-surface.ts';
import { ratioSeries } from './report/statistics.ts';
import type { BegunSurface } from './report/surface.ts';
import { artifactTemplate } from './template/artifact-template.ts';
import { busyWith } from './template/busy-with.ts';
import { RunWork } from './template/run-work.ts';

const ordersName = 'orders.parquet';

/**
 * Backtests the saved signal and analyses returns, costs and trades; `<PRED>` in the configs of strategy and executor is the signal. Artifacts
 * below `portfolio_analysis`, one set a level of execution (`1day`): report_normal, positions_normal, indicators_normal (and `_obj`), port_analysis,
 * indicator_analysis. Source: qlib `PortAnaRecord`.
 */
export const PortAnaRecord: RecordDefinition<PortAnaRecordOptions> = {
  name: 'PortAnaRecord',
  beginsEarly: true,
  schema: { type: 'object', properties: portAnaProperties, additionalProperties: false },
  check(options) {
    analysedFreqs(fullConfig(options.config).executor, options);
  },
  create(options, context) {
    const config = fullConfig(options.config);
    const freqs = analysedFreqs(config.executor, options);
    const work = context.runWork ?? new RunWork(context.recorder, context.pool);
    return artifactTemplate(context, {
      name: 'PortAnaRecord',
      artifactPath: 'portfolio_analysis',
      reads: ['pred.pkl'],
      writes: outputs(freqs),
      skipExisting: options.skip_existing,
      work: () => busyWith(context, () => backtested(context, config, work)),
      async generate({ run, encoded, orders }) {
        const { artifacts } = await analysePortAna(context, run, freqs, options.indicator_analysis_method);
        return { ...artifacts, ...encoded, [ordersName]: await orders };
      },
      async saved({ run: { portfolio, orders }, surface }) {
        const keep = (name: string, value: unknown) =>
          context.runWork?.keep(`portfolio_analysis/${name}`, value);
        await keep(ordersName, orders);
        for (const [freq, { report, positions }] of portfolio) {
          await keep(`report_normal_${freq}.pkl`, report);
          await keep(`positions_normal_${freq}.pkl`, positions);
        }
        if (surface) await keepSurface(work, surface);
      },
    });
  },
};

/** A backtest, and what is made of it while other records work: files of artifacts, and what the report will ask for. */
interface Backtested {
  readonly run: PortAnaRun;
  readonly orders: Table | Promise<Table | Encoded>;
  readonly encoded: Readonly<Record<string, Encoded>>;
  readonly surface: BegunSurface | undefined;
}

async function backtested(
  context: RecordContext,
  config: Required<PortConfig>,
  work: RunWork,
): Promise<Backtested> {
  const pred = await work.pred();
  await work.handedOver();
  const run = await runPortAna(context, config, pred);
  if (!context.runWork) return { run, orders: run.orders, encoded: {}, surface: undefined };
  for (const [freq, { report }] of run.portfolio) {
    const steps = portfolioOf(freq, report);
    if (steps) void work.intervals('ratio', ratioSeries(steps));
  }
  const orders = work.encoded(ordersName, run.orders);
  // whoever waits for it gets the error
  orders.catch(() => undefined);
  const daily = run.portfolio.get('1day');
  const surface = daily && (await earlySurface(context, daily, run.orders).catch(() => undefined));
  const encoded: Record<string, Encoded> = {};
  for (const [name, value] of Object.entries(run.raw))
    if (name !== ordersName) encoded[name] = new Encoded(await encodeObject(name, value));
  return { run, orders, encoded, surface };
}

/** qlib's list, which leaves out indicators_normal. */
function outputs({ all, risk, indicator }: AnalysedFreqs): string[] {
  return [
    ...all.flatMap((freq) => [`report_normal_${freq}.pkl`, `positions_normal_${freq}.pkl`]),
    ...risk.filter((freq) => all.includes(freq)).map((freq) => `port_analysis_${freq}.pkl`),
    ...indicator.filter((freq) => all.includes(freq)).map((freq) => `indicator_analysis_${freq}.pkl`),
  ];
}
