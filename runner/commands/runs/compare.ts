import { UserError } from '../../../components/core/errors.ts';
import type { Run } from '../../../records/tracking/types.ts';
import { namesOf } from './columns.ts';
import { configDifferences } from './compare-configs.ts';
import { comparePredictions, type PredictionComparison } from './compare-predictions.ts';
import { compareReturns, type ReturnComparison } from './compare-returns.ts';
import { findRun } from './find-run.ts';
import { print, type StoreFlags, withStore } from './open.ts';
import { type Cell, textTable } from './text-table.ts';

export interface CompareFlags extends StoreFlags {
  readonly runs: readonly string[];
  readonly samples: number;
  readonly seed: number;
  readonly json?: boolean;
}

/** What two runs or more have in common and what not; predictions and returns are compared with those of the first. */
export interface Comparison {
  readonly runs: readonly { readonly run_id: string; readonly run_name: string }[];
  /** Settings in which they differ, a value a run; null: not set. */
  readonly config: Readonly<Record<string, readonly (string | null)[]>>;
  readonly metrics: Readonly<Record<string, readonly (number | null)[]>>;
  /** One a run from the second on; null where one side has none. */
  readonly predictions: readonly (PredictionComparison | null)[];
  readonly returns: readonly (ReturnComparison | null)[];
}

/** `qrun runs compare A B [C...]`. */
export function compareRuns(flags: CompareFlags): Promise<number> {
  if (flags.runs.length < 2)
    throw new UserError('one run alone cannot be compared', {
      hint: 'usage: qrun runs compare RUN RUN [RUN...]',
    });
  return withStore(flags, async (store) => {
    const runs: Run[] = [];
    for (const name of flags.runs) runs.push(await findRun(store, name));
    const [first, ...others] = runs;
    const predictions: (PredictionComparison | null)[] = [];
    const returns: (ReturnComparison | null)[] = [];
    for (const other of others) {
      predictions.push(await comparePredictions(store, first!, other));
      returns.push(await compareReturns(store, first!, other, flags));
    }
    const comparison: Comparison = {
      runs: runs.map(({ info }) => ({ run_id: info.runId, run_name: info.runName })),
      config: await configDifferences(store, runs),
      metrics: Object.fromEntries(
        namesOf(runs, ({ data }) => data.metrics).map((name) => [
          name,
          runs.map(({ data }) => data.metrics.get(name)?.value ?? null),
        ]),
      ),
      predictions,
      returns,
    };
    if (flags.json) print(JSON.stringify(comparison, null, 2));
    else print(comparisonText(comparison));
    return 0;
  });
}

/** The comparison as tables, one a part. */
function comparisonText({ runs, config, metrics, predictions, returns }: Comparison): string {
  const names = runs.map(({ run_id }) => run_id.slice(0, 8));
  const isPair = runs.length === 2;
  const parts: string[] = [];
  const settings = Object.entries(config);
  parts.push(
    settings.length === 0
      ? 'config: no difference'
      : textTable(
          ['config', ...names],
          settings.map(([key, values]) => [key, ...values.map((value) => value ?? '-')]),
        ),
  );
  parts.push(
    textTable(
      ['metric', ...names, ...(isPair ? ['difference'] : [])],
      Object.entries(metrics).map(([key, values]): Cell[] => {
        const [a, b] = values;
        const difference = typeof a === 'number' && typeof b === 'number' ? b - a : null;
        return [key, ...values, ...(isPair ? [difference] : [])];
      }),
      { whole: true },
    ),
  );
  const others = names.slice(1);
  const pairs = <T>(items: readonly (T | null)[], row: (item: T) => Cell[]): Cell[][] =>
    items.map((item, i) => [`${names[0]} ${others[i]}`, ...(item ? row(item) : ['not in both'])]);
  parts.push(
    textTable(
      ['predictions', 'pairs', 'days', 'pearson', 'rank', 'daily pearson', 'daily rank'],
      pairs(predictions, (p) => [p.pairs, p.days, p.pearson, p.rank, p.dailyPearson, p.dailyRank]),
    ),
  );
  parts.push(
    textTable(
      [
        'returns after cost',
        'days',
        'mean of difference',
        'a year',
        'inf. ratio',
        't (Newey-West)',
        '95 % from',
        'to',
        'correlation',
      ],
      pairs(returns, (r) => [
        r.days,
        r.mean,
        r.annualized,
        r.informationRatio,
        r.t,
        r.low,
        r.high,
        r.correlation,
      ]),
    ),
  );
  return parts.join('\n\n');
}
