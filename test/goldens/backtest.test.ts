import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type BacktestOptions, type BacktestResult, normalBacktest } from '../../components/backtest/run.ts';
import { regions } from '../../components/core/context.ts';
import { parseTime } from '../../components/core/dates.ts';
import { UserError } from '../../components/core/errors.ts';
import { openData } from '../../components/data/folder-provider.ts';
import { isKnown, testContext } from '../components/backtest/context.ts';
import { checkInvariants } from '../components/backtest/invariants.ts';
import {
  compareOrders,
  comparePositions,
  compareResult,
  compareTable,
  compareWeights,
  filesByFreq,
  type ResultJson,
  type Scope,
  timeLost,
} from './backtest/compare.ts';
import { type CaseConfig, goldensRegion, Inputs } from './backtest/inputs.ts';
import { goldenStrategies } from './backtest/strategies.ts';
import { goldensData, goldensRoot, readJson } from './support.ts';

/** Orders in orders.csv.gz at most, unless a case has positions of every day. */
const maxOrders = 300;

/**
 * Places in qlib that raise where ours does what the user means (goldens/README.md): the run must go through,
 * and its books balance.
 */
const kinder: Readonly<Record<string, string>> = {
  get_step_time: 'the backtest may end on the last day of the calendar',
  fill_stock_value: 'holdings without a price get their last close',
  calculate_stock_value: 'a bare number of shares may be a float',
  calculate_amount_position_value: 'a held instrument without a price counts at its last known one',
  _get_limit_type: 'a YAML list is a pair; a whole number is a number',
  _get_vol_limit: 'a YAML list is a pair',
  _align_indices: 'an order of an instrument that has no price in all of an outer step has no base price',
  get_expression_instance: 'a price gets its $ in a pair too, and may be any expression',
  'contrib/strategy/cost_control.py': 'the strategy of the source tree, which can be constructed',
};

/** Strategies whose target weights are a solver's. */
const bySolver = new Set(['EnhancedIndexingStrategy']);

const root = goldensRoot();
const provider = goldensData();
const home = root ? join(root, 'backtest') : '';

describe.skipIf(!root || !provider || !existsSync(home))(
  'backtests against qlib (skipped without goldens)',
  () => {
    const region = regions[goldensRegion(home)]!;
    const unstable = readJson<{ unstable_cases: Record<string, string> }>(
      join(home, 'determinism.json'),
    ).unstable_cases;

    for (const [suite, data] of [
      ['backtest', provider!],
      ['backtest_mini', join(home, 'mini_data')],
    ] as const) {
      const folder = join(home, suite);
      if (!existsSync(folder)) continue;
      describe(suite, () => {
        const source = openData(data);
        let inputs: Inputs;
        beforeAll(async () => {
          inputs = new Inputs(folder, await source.calendar());
        });

        for (const name of casesOf(folder)) {
          const config = readJson<CaseConfig>(join(folder, name, 'config.json'));
          const missing = classesOf(config).filter((c) => !isKnown(c, goldenStrategies));
          if (missing.length > 0) {
            it.todo(`${name}: ${missing.join(', ')} is not built yet`);
            continue;
          }
          it(name, async () => {
            const lines: string[] = [];
            const log = { info: (line: string) => void lines.push(line) };
            const context = testContext({ data: source, region, log, own: goldenStrategies });
            const result = readJson<ResultJson>(join(folder, name, 'result.json'));
            const run = () => normalBacktest(context, literally(inputs.fill(optionsOf(config), config)));
            const reason = Object.entries(kinder).find(([place]) => result.error?.where.includes(place))?.[1];
            if (result.error && !reason) return expect(run()).rejects.toThrow(UserError);
            const outcome = await run();
            checkInvariants(outcome);
            compareLines(join(folder, name, 'stdout.txt'), lines);
            if (result.error || config.doc.includes('NOT a contract')) return undefined;
            if (bySolver.has(config.strategy.class) && outcome.deals.length > 0) {
              for (const [freq, file] of filesByFreq(join(folder, name), 'positions', [
                ...outcome.portfolio.keys(),
              ]))
                compareWeights(file, outcome.portfolio.get(freq)!, result.final![freq]!);
              return undefined;
            }
            const until = unstable[`${suite}/${name}`];
            return compareCase(join(folder, name), config, result, outcome, {
              money: accountMoney(config),
              until: Math.min(
                until ? parseTime(until)! : Number.POSITIVE_INFINITY,
                timeLost(filesByFreq(join(folder, name), 'report_normal', result.frequencies?.report ?? [])),
              ),
              cut: config.positions === 'all' ? Number.POSITIVE_INFINITY : maxOrders,
            });
          });
        }
      });
    }
  },
);

function casesOf(folder: string): string[] {
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, 'config.json')));
}

function optionsOf({ strategy, executor, backtest }: CaseConfig) {
  return { strategy, executor, ...backtest };
}

/** `n_drop: 0` drops nothing in ours; qlib's figures come of its slices, which one asks for by literal_n_drop. */
function literally(options: unknown): BacktestOptions {
  const { strategy, ...rest } = options as BacktestOptions & {
    strategy: { kwargs?: Record<string, unknown> };
  };
  const kwargs = strategy.kwargs ?? {};
  return {
    strategy:
      kwargs['n_drop'] === 0 ? { ...strategy, kwargs: { ...kwargs, literal_n_drop: true } } : strategy,
    ...rest,
  };
}

/**
 * Lines that qlib prints and we log. Sales of a day come in no fixed order, so lines are compared without the
 * cash left after them.
 */
function compareLines(file: string, ours: readonly string[]): void {
  if (!existsSync(file)) return;
  const comparable = (lines: readonly string[]) => lines.map((line) => line.replace(/, cash .*$/, '')).sort();
  const theirs = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => /^\[I(ndicator)?[ (]/.test(line));
  expect(comparable(ours)).toEqual(comparable(theirs));
}

/** Every class that a config names, at any depth. */
function classesOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'class' in value && typeof value.class === 'string' ? [value.class] : [];
  return [...own, ...Object.values(value).flatMap(classesOf)];
}

function accountMoney({ backtest }: CaseConfig): number {
  const { account } = backtest;
  return typeof account === 'number'
    ? account
    : Number((account as { cash?: number } | undefined)?.cash ?? 1e9);
}

function compareCase(
  folder: string,
  config: CaseConfig,
  result: ResultJson,
  run: BacktestResult,
  scope: Scope,
): void {
  const { report = [], indicators = [] } = result.frequencies ?? {};
  compareOrders(join(folder, 'orders.csv.gz'), run, scope);
  for (const [freq, file] of filesByFreq(folder, 'report_normal', report))
    compareTable(file, run.portfolio.get(freq)!.report, scope);
  for (const [freq, file] of filesByFreq(folder, 'indicators_normal', indicators))
    compareTable(file, run.indicators.get(freq)!.table, scope);
  for (const [freq, file] of filesByFreq(folder, 'positions', report))
    comparePositions(file, run.portfolio.get(freq)!, scope);
  compareResult(result, run, scope);
  expect(config.name).toBeTruthy();
}
