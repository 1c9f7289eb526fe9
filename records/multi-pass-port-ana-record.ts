import { readTime } from '../components/backtest/exchange-options.ts';
import { UserError } from '../components/core/errors.ts';
import { NumpyRandom } from '../components/core/numpy-random.ts';
import type { Definition } from '../components/core/registry.ts';
import { pprint } from './codec/format/pprint.ts';
import type { PortAnalysis } from './port-ana/analyse.ts';
import { generatePortAna } from './port-ana/generate.ts';
import { fullConfig, type PortAnaRecordOptions, portAnaProperties } from './port-ana/options.ts';
import { passFigures, passMetrics, passTable } from './port-ana/passes.ts';
import { analysedFreqs } from './port-ana/report-freqs.ts';
import { shuffleFirstDay } from './port-ana/shuffle-first-day.ts';
import type { RecordContext, RecordTemplate } from './record.ts';
import { artifactTemplate } from './template/artifact-template.ts';
import { loadPanel } from './template/load-panel.ts';

export interface MultiPassPortAnaRecordOptions extends PortAnaRecordOptions {
  /** Number of backtests. */
  readonly pass_num?: number;
  /** Begin each with a random position: the scores of the first day are shuffled. */
  readonly shuffle_init_score?: boolean;
}

/**
 * Runs the same backtest several times from random first positions and sums up return and information ratio:
 * `portfolio_analysis/multi_pass_port_analysis_1day.pkl`. Shuffles, and what strategies draw, are numpy's after `numpy.random.seed` with the
 * context's seed. Source: qlib `MultiPassPortAnaRecord`.
 */
export const MultiPassPortAnaRecord: Definition<
  RecordTemplate,
  MultiPassPortAnaRecordOptions,
  RecordContext
> = {
  name: 'MultiPassPortAnaRecord',
  schema: {
    type: 'object',
    properties: {
      ...portAnaProperties,
      pass_num: { type: 'integer', minimum: 1, description: 'number of backtests' },
      shuffle_init_score: { type: 'boolean', description: 'shuffle the scores of the first day' },
    },
    additionalProperties: false,
  },
  check(options) {
    const { strategy, executor } = fullConfig(options.config);
    analysedFreqs(executor, options);
    if (!hasSignal(strategy))
      throw new UserError('the strategy has no signal', {
        hint: 'MultiPassPortAnaRecord shuffles the scores that the strategy gets as kwargs.signal: <PRED>',
        path: ['config', 'strategy'],
      });
  },
  create(options, context) {
    const { pass_num = 10, shuffle_init_score = true } = options;
    const config = fullConfig(options.config);
    const freqs = analysedFreqs(config.executor, options);
    return artifactTemplate(context, {
      name: 'MultiPassPortAnaRecord',
      artifactPath: 'portfolio_analysis',
      reads: ['pred.pkl'],
      writes: freqs.risk
        .filter((freq) => freqs.all.includes(freq))
        .map((freq) => `multi_pass_port_analysis_${freq}.pkl`),
      skipExisting: options.skip_existing,
      async generate() {
        const pred = await loadPanel(context.recorder, 'pred.pkl');
        const start = readTime(config.backtest.start_time, ['config', 'backtest', 'start_time']);
        const random = context.random ?? new NumpyRandom(context.seed);
        const passes: ReadonlyMap<string, PortAnalysis>[] = [];
        for (let pass = 0; pass < pass_num; pass++) {
          context.log.progress('backtests', pass / pass_num);
          const signal = shuffle_init_score ? shuffleFirstDay(pred, start, random) : pred;
          passes.push(
            (
              await generatePortAna(
                { ...context, random },
                config,
                signal,
                freqs,
                options.indicator_analysis_method,
              )
            ).analyses,
          );
        }
        return sumUp(context, passes, freqs.risk);
      },
    });
  },
};

async function sumUp(
  context: RecordContext,
  passes: readonly ReadonlyMap<string, PortAnalysis>[],
  freqs: readonly string[],
): Promise<Record<string, unknown>> {
  const artifacts: Record<string, unknown> = {};
  for (const freq of freqs) {
    const analyses = passes.map((pass) => pass.get(freq)).filter((analysis) => analysis !== undefined);
    if (analyses.length === 0) continue;
    const figures = passFigures(analyses);
    const table = passTable(figures);
    context.print(pprint(table));
    await context.recorder.logMetrics(passMetrics(figures));
    artifacts[`multi_pass_port_analysis_${freq}.pkl`] = table;
  }
  return artifacts;
}

function hasSignal(strategy: unknown): boolean {
  if (typeof strategy !== 'object' || strategy === null || !('kwargs' in strategy)) return false;
  const { kwargs } = strategy;
  return typeof kwargs === 'object' && kwargs !== null && 'signal' in kwargs;
}
