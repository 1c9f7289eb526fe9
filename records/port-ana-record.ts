import { analysePortAna, runPortAna } from './port-ana/generate.ts';
import { fullConfig, type PortAnaRecordOptions, portAnaProperties } from './port-ana/options.ts';
import { type AnalysedFreqs, analysedFreqs } from './port-ana/report-freqs.ts';
import type { RecordDefinition } from './record.ts';
import { portfolioOf } from './report/data/portfolio.ts';
import { ratioSeries } from './report/statistics.ts';
import { artifactTemplate } from './template/artifact-template.ts';
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
      work: async () => {
        const run = await runPortAna(context, config, await work.pred());
        for (const [freq, { report }] of run.portfolio) {
          const steps = portfolioOf(freq, report);
          if (steps) void context.runWork?.intervals('ratio', ratioSeries(steps));
        }
        const orders = context.runWork?.encoded(ordersName, run.orders);
        // whoever waits for it gets the error
        orders?.catch(() => undefined);
        return { run, orders: orders ?? run.orders };
      },
      async generate({ run, orders }) {
        const { artifacts } = await analysePortAna(context, run, freqs, options.indicator_analysis_method);
        return { ...artifacts, [ordersName]: await orders };
      },
      async saved({ run: { portfolio, orders } }) {
        const keep = (name: string, value: unknown) =>
          context.runWork?.keep(`portfolio_analysis/${name}`, value);
        await keep(ordersName, orders);
        for (const [freq, { report, positions }] of portfolio) {
          await keep(`report_normal_${freq}.pkl`, report);
          await keep(`positions_normal_${freq}.pkl`, positions);
        }
      },
    });
  },
};

/** qlib's list, which leaves out indicators_normal. */
function outputs({ all, risk, indicator }: AnalysedFreqs): string[] {
  return [
    ...all.flatMap((freq) => [`report_normal_${freq}.pkl`, `positions_normal_${freq}.pkl`]),
    ...risk.filter((freq) => all.includes(freq)).map((freq) => `port_analysis_${freq}.pkl`),
    ...indicator.filter((freq) => all.includes(freq)).map((freq) => `indicator_analysis_${freq}.pkl`),
  ];
}
