import { setImmediate } from 'node:timers/promises';
import type { Context } from '../core/context.ts';
import { formatTime, type Time } from '../core/dates.ts';
import { type KeyPath, UserError } from '../core/errors.ts';
import { freqKey } from '../core/freq.ts';
import type { Table } from '../core/table.ts';
import { readBenchmark } from './benchmark.ts';
import { Calendars } from './calendars.ts';
import { LimitGuard } from './declared-limits.ts';
import { Exchange } from './exchange.ts';
import { readExchangeOptions, readTime, show } from './exchange-options.ts';
import type { DealRecord, Executor } from './executor.ts';
import { readAccount } from './initial-account.ts';
import { Position } from './position.ts';
import { readLimits } from './read-limits.ts';
import type { Period, Strategy } from './strategy.ts';
import type { TradeIndicators } from './trade-indicator.ts';

/** What `backtest:` of a record holds, with the strategy and executor, as specs or made already. */
export interface BacktestOptions {
  readonly strategy: unknown;
  readonly executor: unknown;
  /** A date text, a Time, a Date. */
  readonly start_time: unknown;
  /** May be the calendar's last day, where qlib raises IndexError. */
  readonly end_time: unknown;
  /** Default 1e9. */
  readonly account?: unknown;
  /** Default SH000300. */
  readonly benchmark?: unknown;
  readonly exchange_kwargs?: Readonly<Record<string, unknown>> | null;
  /** `Position` (default), `InfPosition`, or `SignedPosition`, which may hold less than nothing. */
  readonly pos_type?: unknown;
  /** Terms of SignedPosition: {borrow_rate, margin_ratio, maintenance_ratio}. */
  readonly short_selling?: unknown;
  /** Limits that cut the orders of any strategy: see readLimits. */
  readonly limits?: unknown;
  /** Stricter than qlib, for the exchange and for strategies that know of it. Default false: qlib's numbers. */
  readonly strict?: unknown;
}

/** Results of one level with portfolio metrics. */
export interface PortfolioResult {
  /** Index datetime; account, return, total_turnover, turnover, total_cost, cost, value, cash, bench. */
  readonly report: Table;
  /** Positions at each step's end, by the step's start. */
  readonly positions: ReadonlyMap<Time, Position>;
}

export interface IndicatorResult {
  /** By time; ffr, pa, pos, deal_amount, value, count. */
  readonly table: Table;
  readonly object: TradeIndicators;
}

/** Results by frequency, `1day`, outermost level first. */
export interface BacktestResult {
  readonly portfolio: ReadonlyMap<string, PortfolioResult>;
  readonly indicators: ReadonlyMap<string, IndicatorResult>;
  /** Every order in the order of dealing: asked, filled, price, value, cost, what cut it. */
  readonly deals: readonly DealRecord[];
  /** Whether it ran by strict rules; false: by qlib's. */
  readonly strict: boolean;
}

/**
 * Runs a strategy and an executor over [start_time, end_time]: qlib's `backtest`.
 * @throws UserError with a path below `path`: bad dates, no such benchmark, exchange arguments
 */
export async function normalBacktest(
  context: Context,
  options: BacktestOptions,
  path: KeyPath = [],
): Promise<BacktestResult> {
  const period = readPeriod(options, path);
  const strategy = await context.build('strategy', options.strategy, [...path, 'strategy']);
  const executor = await context.build('executor', options.executor, [...path, 'executor']);
  const account = await readAccount(
    context,
    options.account ?? 1e9,
    options.pos_type ?? 'Position',
    options.short_selling,
    period.start,
    path,
  );
  const limits = await readLimits(options.limits, [...path, 'limits']);
  const benchmark = readBenchmark(context, options.benchmark, period, [...path, 'benchmark']);
  await benchmark('day'); // qlib asks for it whatever the levels need
  const held = account.position instanceof Position ? [...account.position.holdings.keys()] : [];
  const universe = await gatherUniverse(strategy, executor, period, held, path);
  const exchange = await openExchange(context, options, period, universe, path);
  const deals: DealRecord[] = [];
  const calendars = new Calendars(context.data, context.region, period.end);
  // a single level deals sales before purchases, so that what its strategy decides holds by itself
  const isNested = executor.all().length > 1;
  const most = isNested ? strategy.mostHoldings?.(exchange.options.strict) : undefined;
  const guard = LimitGuard.of(limits, most);
  await executor.open({ context, calendars, exchange, account, benchmark, deals, guard });
  await loop(context, strategy, executor, period);
  if (exchange.priceFallbacks > 0)
    context.log.warn(`the deal price was missing in ${exchange.priceFallbacks} look-ups: the close stood in`);
  return collect(executor, deals, exchange.options.strict);
}

function readPeriod({ start_time, end_time }: BacktestOptions, path: KeyPath): Period {
  const start = readTime(start_time, [...path, 'start_time']);
  const end = readTime(end_time, [...path, 'end_time']);
  for (const [key, time] of Object.entries({ start_time: start, end_time: end }))
    if (time === null)
      throw new UserError(`${key} is missing`, { hint: 'a date is needed', path: [...path, key] });
  if (end! < start!)
    throw new UserError(`end_time ${formatTime(end!)} lies before start_time ${formatTime(start!)}`, {
      path: [...path, 'end_time'],
    });
  return { start: start!, end: end! };
}

async function gatherUniverse(
  strategy: Strategy,
  executor: Executor,
  period: Period,
  held: readonly string[],
  path: KeyPath,
): Promise<ReadonlySet<string> | undefined> {
  const own = await prepare(strategy, period, [...path, 'strategy', 'kwargs']);
  const inner = await executor.universe(period);
  return own && inner ? new Set([...own, ...inner, ...held]) : undefined;
}

/** What a strategy finds wrong with its signal stands in its kwargs. */
async function prepare(
  strategy: Strategy,
  period: Period,
  path: KeyPath,
): Promise<ReadonlySet<string> | undefined> {
  try {
    return await strategy.prepare?.(period);
  } catch (error) {
    throw error instanceof UserError && error.path.length > 0 ? error.within(path) : error;
  }
}

async function openExchange(
  context: Context,
  { exchange_kwargs, strict }: BacktestOptions,
  { start, end }: Period,
  universe: ReadonlySet<string> | undefined,
  path: KeyPath,
): Promise<Exchange> {
  const kwargs = exchange_kwargs ?? {};
  if (typeof kwargs !== 'object' || Array.isArray(kwargs))
    throw new UserError(`exchange_kwargs is ${show(kwargs)}`, { path: [...path, 'exchange_kwargs'] });
  const place = [...path, 'exchange_kwargs'];
  const rules = strict === undefined ? {} : { strict };
  const { exchange = null, ...own } = kwargs;
  if (exchange instanceof Exchange) return exchange;
  const ignored = exchange === null ? [] : Object.keys(own);
  if (ignored.length > 0)
    context.log.warn(
      `exchange_kwargs.exchange is given: as in qlib, ${ignored.join(', ')} beside it count for nothing`,
    );
  const given =
    exchange === null
      ? { start_time: start, end_time: end, ...rules, ...own }
      : { ...rules, ...readExchangeClass(exchange, [...place, 'exchange']) };
  const read = readExchangeOptions(
    given,
    context.region,
    exchange === null ? place : [...place, 'exchange', 'kwargs'],
    context.data.operators,
  );
  try {
    return await Exchange.load(context, read, universe);
  } catch (error) {
    throw error instanceof UserError ? error.within(error.path.length > 0 ? [] : place) : error;
  }
}

/** kwargs of an exchange that a config names by its class: without start_time and end_time it has all days, as in qlib. */
function readExchangeClass(given: unknown, path: KeyPath): Readonly<Record<string, unknown>> {
  const { class: name, kwargs } = (
    typeof given === 'string' ? { class: given } : typeof given === 'object' && given !== null ? given : {}
  ) as { class?: unknown; kwargs?: unknown };
  if (typeof name === 'string' && name.split('.').at(-1) === 'Exchange')
    return (kwargs ?? {}) as Readonly<Record<string, unknown>>;
  throw new UserError(`exchange is ${show(given)}`, {
    hint: '{class: Exchange, module_path: qlib.backtest.exchange, kwargs: {...}} or an Exchange is needed',
    path,
  });
}

/** After so many steps the process has its turn for whatever else waits: signals, signs of life, records that are ready to be written. */
const stepsBetweenTurns = 50;

async function loop(
  context: Context,
  strategy: Strategy,
  executor: Executor,
  { start, end }: Period,
): Promise<void> {
  executor.reset(start, end);
  const { calendar } = executor;
  if (calendar.finished)
    context.log.warn(`no ${executor.timePerStep} step begins in ${formatTime(start)} to ${formatTime(end)}`);
  await strategy.reset(executor.level, null);
  let deals = null;
  while (!calendar.finished) {
    const decision = await strategy.decide(deals);
    deals = await executor.execute(decision, strategy);
    strategy.afterStep?.(deals);
    if (calendar.step % stepsBetweenTurns !== 0) continue;
    context.log.progress('backtest', calendar.step / calendar.length);
    await setImmediate();
  }
  strategy.afterOuterStep?.();
}

function collect(executor: Executor, deals: readonly DealRecord[], strict: boolean): BacktestResult {
  const portfolio = new Map<string, PortfolioResult>();
  const indicators = new Map<string, IndicatorResult>();
  for (const { timePerStep, account } of executor.all()) {
    const key = freqKey(timePerStep);
    if (account.metrics) portfolio.set(key, { report: account.metrics.table(), positions: account.history });
    indicators.set(key, { table: account.indicators.table(), object: account.indicators });
  }
  return { portfolio, indicators, deals, strict };
}
