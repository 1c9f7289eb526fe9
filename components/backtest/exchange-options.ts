import type { Region } from '../core/context.ts';
import { parseTime, type Time } from '../core/dates.ts';
import { type KeyPath, UserError } from '../core/errors.ts';
import { unknownName } from '../core/nearest.ts';
import type { Operators } from '../data/expression/parse.ts';
import type { InstrumentsSpec } from '../data/provider.ts';
import { checkKnownAtDeal } from './known-at-deal.ts';

/** What stops trading at a price limit. */
export type Limit =
  | { readonly kind: 'none' }
  /** Buying where `$change` >= threshold, selling where it is <= -threshold. */
  | { readonly kind: 'change'; readonly threshold: number }
  /** Anything but 0 stops it, NaN too. */
  | { readonly kind: 'expressions'; readonly buy: string; readonly sell: string };

export interface VolumeLimit {
  /**
   * `cum`: the expression grows over the day, what was dealt is taken off; `current`: it is the room there is.
   */
  readonly kind: 'cum' | 'current';
  readonly expression: string;
}

/** `exchange_kwargs`, read. */
export interface ExchangeOptions {
  readonly freq: string;
  readonly start: Time | null;
  readonly end: Time | null;
  readonly codes: InstrumentsSpec;
  readonly buyPrice: string;
  readonly sellPrice: string;
  readonly limit: Limit;
  readonly buyVolume: readonly VolumeLimit[] | null;
  readonly sellVolume: readonly VolumeLimit[] | null;
  readonly subscribed: readonly string[];
  /** Quotes of instruments that the data lack: see readExtraQuotes. */
  readonly extraQuote: { readonly given: unknown; readonly path: KeyPath } | null;
  readonly openCost: number;
  readonly closeCost: number;
  readonly minCost: number;
  readonly impactCost: number;
  /** Null: amounts are not rounded. */
  readonly tradeUnit: number | null;
  /**
   * Stricter than qlib: limits are judged by what is known at the deal price, an instrument without a deal price is not dealt, nothing is
   * bought beyond the cash there is.
   */
  readonly strict: boolean;
}

const known = [
  'freq',
  'start_time',
  'end_time',
  'codes',
  'deal_price',
  'subscribe_fields',
  'extra_quote',
  'quote_cls',
  'limit_threshold',
  'volume_threshold',
  'open_cost',
  'close_cost',
  'min_cost',
  'impact_cost',
  'trade_unit',
  'strict',
] as const;

/**
 * Reads `exchange_kwargs` as qlib's Exchange does, and a little more kindly: pairs may be YAML lists (qlib
 * insists on Python tuples there), a bare field name gets its `$` in a pair too, and an expression that does
 * not begin with `$` is taken as it is.
 * @throws UserError for unknown keys and values out of range
 */
export function readExchangeOptions(
  kwargs: Readonly<Record<string, unknown>>,
  region: Region,
  path: KeyPath = [],
  operators?: Operators,
): ExchangeOptions {
  for (const key of Object.keys(kwargs))
    if (!(known as readonly string[]).includes(key))
      throw unknownName('exchange argument', key, known, [...path, key]);
  const number = (key: string, fallback: number, below = Number.POSITIVE_INFINITY) => {
    const value = kwargs[key] ?? fallback;
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0 || value >= below)
      throw new UserError(`${key} is ${show(value)}`, {
        hint:
          below < Number.POSITIVE_INFINITY
            ? `a number in [0, ${below}) is needed`
            : 'a number >= 0 is needed',
        path: [...path, key],
      });
    return value;
  };
  const { buyVolume, sellVolume } = readVolumeLimits(kwargs['volume_threshold'], [
    ...path,
    'volume_threshold',
  ]);
  const [buyPrice, sellPrice] = readPrices(kwargs['deal_price'] ?? region.dealPrice, [...path, 'deal_price']);
  const limit = readLimit(kwargs['limit_threshold'] ?? region.limitThreshold, [...path, 'limit_threshold']);
  const strict = readFlag(kwargs['strict'], [...path, 'strict']);
  checkQuoteClass(kwargs['quote_cls'], [...path, 'quote_cls']);
  if (strict && limit.kind === 'expressions') {
    checkKnownAtDeal(limit.buy, buyPrice, [...path, 'limit_threshold'], operators);
    checkKnownAtDeal(limit.sell, sellPrice, [...path, 'limit_threshold'], operators);
  }
  return {
    freq: typeof kwargs['freq'] === 'string' ? kwargs['freq'] : 'day',
    start: readTime(kwargs['start_time'], [...path, 'start_time']),
    end: readTime(kwargs['end_time'], [...path, 'end_time']),
    codes: readCodes(kwargs['codes']),
    buyPrice,
    sellPrice,
    limit,
    buyVolume,
    sellVolume,
    subscribed: Array.isArray(kwargs['subscribe_fields']) ? kwargs['subscribe_fields'].map(String) : [],
    extraQuote: readExtra(kwargs['extra_quote'], [...path, 'extra_quote']),
    openCost: number('open_cost', 0.0015, 1),
    closeCost: number('close_cost', 0.0025, 1),
    minCost: number('min_cost', 5),
    impactCost: number('impact_cost', 0),
    tradeUnit: readTradeUnit(kwargs, region, [...path, 'trade_unit']),
    strict,
  };
}

/** A date as YAML or an API gives it: a Time, a date text, a Date; null for nothing. */
export function readTime(value: unknown, path: KeyPath): Time | null {
  if (value === null || value === undefined) return null;
  const time =
    typeof value === 'number' ? value : value instanceof Date ? value.getTime() : parseTime(String(value));
  if (time === undefined || Number.isNaN(time))
    throw new UserError(`${show(value)} is no date`, { hint: 'a date such as 2020-01-31 is needed', path });
  return time;
}

/** `strict`: true or false; nothing means false. */
function readFlag(value: unknown, path: KeyPath): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  throw new UserError(`${path.at(-1)} is ${show(value)}`, { hint: 'true or false is needed', path });
}

/** How qlib holds its quotes; all of its classes give the same answers, so that there is nothing to choose. */
const quoteClasses = ['NumpyQuote', 'PandasQuote'];

function checkQuoteClass(given: unknown, path: KeyPath): void {
  if (given === undefined || given === null) return;
  const name = typeof given === 'object' && 'class' in given ? given.class : given;
  if (typeof name !== 'string' || !quoteClasses.includes(name.split('.').at(-1)!))
    throw unknownName('quote class', show(name).replaceAll('"', ''), quoteClasses, path);
}

function readExtra(given: unknown, path: KeyPath): ExchangeOptions['extraQuote'] {
  return given === undefined || given === null ? null : { given, path };
}

function readCodes(codes: unknown): InstrumentsSpec {
  if (codes === null || codes === undefined || (Array.isArray(codes) && codes.length === 0)) return 'all';
  return codes as InstrumentsSpec;
}

function readPrices(value: unknown, path: KeyPath): readonly [string, string] {
  const price = (text: unknown): string => {
    if (typeof text !== 'string' || text.trim() === '')
      throw new UserError(`deal_price is ${show(value)}`, {
        hint: 'a field such as close, an expression, or a pair of them for buying and selling is needed',
        path,
      });
    return /^[A-Za-z_]\w*$/.test(text) ? `$${text}` : text;
  };
  if (!Array.isArray(value)) return [price(value), price(value)];
  if (value.length !== 2) return [price(undefined), ''];
  return [price(value[0]), price(value[1])];
}

function readLimit(value: unknown, path: KeyPath): Limit {
  if (value === null || value === undefined) return { kind: 'none' };
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0)
    return { kind: 'change', threshold: value };
  if (Array.isArray(value) && value.length === 2 && value.every((x) => typeof x === 'string'))
    return { kind: 'expressions', buy: value[0] as string, sell: value[1] as string };
  throw new UserError(`limit_threshold is ${show(value)}`, {
    hint: 'a share such as 0.095, a pair of expressions for buying and selling, or null for the default of the region is needed',
    path,
  });
}

function readVolumeLimits(
  value: unknown,
  path: KeyPath,
): { buyVolume: readonly VolumeLimit[] | null; sellVolume: readonly VolumeLimit[] | null } {
  if (value === null || value === undefined) return { buyVolume: null, sellVolume: null };
  const limit = (pair: unknown, where: KeyPath): VolumeLimit => {
    if (Array.isArray(pair) && pair.length === 2 && typeof pair[1] === 'string') {
      const [kind, expression] = pair as [unknown, string];
      if (kind === 'cum' || kind === 'current') return { kind, expression };
    }
    throw new UserError(`volume_threshold is ${show(pair)}`, {
      hint: 'a pair ["cum" or "current", expression], or such pairs under all, buy, sell are needed',
      path: where,
    });
  };
  if (typeof value !== 'object' || Array.isArray(value)) {
    const all = [limit(value, path)];
    return { buyVolume: all, sellVolume: all };
  }
  const buyVolume: VolumeLimit[] = [];
  const sellVolume: VolumeLimit[] = [];
  for (const [key, pair] of Object.entries(value)) {
    if (!['all', 'buy', 'sell'].includes(key))
      throw unknownName('volume limit', key, ['all', 'buy', 'sell'], [...path, key]);
    const one = limit(pair, [...path, key]);
    if (key !== 'sell') buyVolume.push(one);
    if (key !== 'buy') sellVolume.push(one);
  }
  return { buyVolume, sellVolume };
}

function readTradeUnit(
  kwargs: Readonly<Record<string, unknown>>,
  region: Region,
  path: KeyPath,
): number | null {
  const unit = 'trade_unit' in kwargs ? (kwargs['trade_unit'] ?? null) : region.tradeUnit;
  if (unit === null || (typeof unit === 'number' && Number.isFinite(unit) && unit > 0)) return unit;
  throw new UserError(`trade_unit is ${show(unit)}`, {
    hint: 'a number of shares > 0, or null for no rounding, is needed',
    path,
  });
}

/** A value as a message shows it. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
