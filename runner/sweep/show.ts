import type { TrackingStore } from '../../records/tracking/store.ts';
import type { Run } from '../../records/tracking/types.ts';
import { holdoutOpenings } from './holdout-openings.ts';
import { type Importance, parameterImportance } from './importance.ts';
import { leaderboard, type Row, shortKeys } from './leaderboard.ts';
import { assessLuck, joinReturns, type Luck, type Returns, returnsOf } from './luck.ts';
import type { OpenSweep } from './open-sweep.ts';
import { sweepRuns } from './sweep-state.ts';
import { tags } from './tags.ts';
import type { Goal } from './types.ts';

export interface Summary {
  readonly name: string;
  readonly id: string;
  readonly experimentName: string;
  readonly goal: Goal | undefined;
  readonly rows: readonly Row[];
  /** Parameters that have more than one value. */
  readonly keys: readonly string[];
  readonly importance: readonly Importance[];
  readonly luck: Luck | undefined;
  readonly scope: 'sweep' | 'experiment';
  readonly openings: number;
}

const shownRows = 20;
const minTrials = 4;

/** Reads all runs of a sweep, deleted ones for the count; with `isWide` the trials of the whole experiment count. */
export async function summarise(open: OpenSweep, experimentId: string, isWide: boolean): Promise<Summary> {
  const { store, sweep, id } = open;
  const runs = await sweepRuns(store, experimentId, id);
  const rows = leaderboard(runs, sweep.goal);
  const counted = isWide
    ? await allRuns(store, experimentId)
    : await sweepRuns(store, experimentId, id, 'ALL');
  const compared = isWide ? counted.filter((run) => run.info.lifecycleStage === 'active') : runs;
  const strategies = new Map<string, Returns[]>();
  for (const run of compared) {
    const found = run.info.status === 'FINISHED' ? await returnsOf(store, run) : undefined;
    if (found) strategies.set(strategyOf(run), [...(strategies.get(strategyOf(run)) ?? []), found]);
  }
  const returns = [...strategies.values()].map(joinReturns);
  const known = rows.filter((row) => !Number.isNaN(row.metric));
  const all = [...new Set(rows.flatMap((row) => [...row.values.keys()]))];
  const keys = all.filter((key) => new Set(rows.map((row) => row.values.get(key))).size > 1);
  return {
    name: sweep.name,
    id,
    experimentName: open.experimentName,
    goal: sweep.goal,
    rows,
    keys,
    importance:
      known.length < minTrials
        ? []
        : parameterImportance({
            keys,
            trials: known.map((row) => row.values),
            values: known.map((row) => row.metric),
          }),
    luck: assessLuck(returns, countTrials(counted)),
    scope: isWide ? 'experiment' : 'sweep',
    openings: await holdoutOpenings(store, experimentId, sweep.holdout),
  };
}

/** Strategies that were tried: attempts of one point and the folds of one set of values count once, runs outside of sweeps each. */
export function countTrials(runs: readonly Run[]): number {
  return new Set(runs.map(strategyOf)).size;
}

function strategyOf({ info, data }: Run): string {
  const id = data.tags.get(tags.id);
  return id === undefined
    ? info.runId
    : `${id} ${data.tags.get(tags.trial) ?? ''} ${data.tags.get(tags.seed) ?? ''}`;
}

async function allRuns(store: TrackingStore, experimentId: string): Promise<Run[]> {
  const runs: Run[] = [];
  let pageToken: string | undefined;
  do {
    const page = await store.searchRuns([experimentId], {
      view: 'ALL',
      maxResults: 1000,
      ...(pageToken ? { pageToken } : {}),
    });
    runs.push(...page.items);
    pageToken = page.nextPageToken ?? undefined;
  } while (pageToken !== undefined);
  return runs;
}

/** The summary as text. */
export function showLines(summary: Summary): string[] {
  const { rows, keys, goal, importance, luck, openings } = summary;
  const short = shortKeys(keys);
  const lines = [`sweep "${summary.name}" (${summary.id}): ${rows.length} sets of values`];
  const metric = goal?.metric ?? 'metric';
  const head = ['#', 'point', metric, '+-', ...keys.map((key) => short.get(key)!), 'status', 'run'];
  const cells = rows
    .slice(0, shownRows)
    .map((row, i) => [
      String(i + 1),
      String(row.trial + 1),
      figure(row.metric),
      figure(row.deviation),
      ...keys.map((key) => row.values.get(key) ?? '-'),
      row.status,
      row.runIds.length === 1 ? row.runIds[0]! : `${row.runIds[0]} and ${row.runIds.length - 1} more`,
    ]);
  const widths = head.map((name, j) => Math.max(name.length, ...cells.map((c) => c[j]!.length)));
  for (const row of [head, ...cells])
    lines.push(
      row
        .map((cell, j) => cell.padEnd(widths[j]!))
        .join('  ')
        .trimEnd(),
    );
  if (rows.length > shownRows) lines.push(`... and ${rows.length - shownRows} more`);
  if (importance.length > 0) {
    lines.push('', `importance for ${metric} (share of variance on its own, rank correlation)`);
    for (const { key, share, correlation } of importance)
      lines.push(
        `  ${short.get(key)!.padEnd(24)} ${(100 * share).toFixed(1).padStart(5)} %  ${Number.isNaN(correlation) ? '' : correlation.toFixed(2)}`.trimEnd(),
      );
  }
  lines.push('', ...luckLines(luck, summary.scope));
  if (openings > 0) lines.push(`the holdout has been opened ${openings} time${openings === 1 ? '' : 's'}`);
  return lines;
}

/** How much of the best is luck, in words. */
export function luckLines(luck: Luck | undefined, scope: string): string[] {
  if (!luck) return ['no portfolio reports, so nothing can be said of luck'];
  const percent = (p: number) => `${(100 * p).toFixed(1)} %`;
  const { overfitting, superior } = luck;
  return [
    `the best of many is not the best: ${luck.trials} trials in the ${scope} (deleted ones included), ${luck.compared} compared over ${luck.days} days`,
    `  best Sharpe ratio of daily excess returns after cost  ${figure(luck.sharpe)} (${figure(luck.sharpe * Math.sqrt(252))} a year), run ${luck.bestRunId}`,
    `  expected of the best of ${luck.trials} without skill   ${figure(luck.expectedMax)}`,
    `  probability that it is above 0                ${percent(luck.probabilistic)}`,
    `  deflated: that it is above what luck brings   ${percent(luck.deflated)}`,
    ...(overfitting
      ? [
          `  probability of backtest overfitting (CSCV)    ${percent(overfitting.probability)} of ${overfitting.splits} splits; loss out of sample ${percent(overfitting.probabilityOfLoss)}`,
        ]
      : []),
    ...(superior
      ? [
          `  reality check p ${pValue(superior.realityCheck)}, superior predictive ability p ${pValue(superior.spa)} (${pValue(superior.spaLower)} to ${pValue(superior.spaUpper)})`,
        ]
      : []),
  ];
}

const figure = (value: number) => (Number.isNaN(value) ? '-' : value.toFixed(6));

/** Of a thousand resamples. */
const pValue = (p: number) => (p < 0.001 ? '< 0.001' : p.toFixed(3));
