import type { Context } from '../core/context.ts';
import { dayMs } from '../core/dates.ts';
import { parseFreq } from '../core/freq.ts';
import { denseValues, type PanelIndex, type Values } from '../core/panel.ts';
import type { InstrumentsSpec } from '../data/provider.ts';
import type { ExchangeOptions, Limit } from './exchange-options.ts';

/** How far the last close before the backtest is looked for. */
const lookBackDays = { day: 60, min: 15 };

/** Last closes before the exchange's first day, by instrument: what the limits of the first bars are measured from. */
export async function loadEarlierCloses(
  { data }: Context,
  { start, freq }: ExchangeOptions,
  instruments: InstrumentsSpec,
): Promise<Map<string, number>> {
  const out = new Map<string, number>();
  if (start === null) return out;
  const days = parseFreq(freq).unit === 'min' ? lookBackDays.min : lookBackDays.day;
  const { index, columns } = await data.features({
    instruments,
    fields: [{ group: null, name: '$close', expression: '$close' }],
    start: start - days * dayMs,
    end: start - 1,
    freq,
  });
  const close = denseValues(columns[0]!);
  for (let row = 0; row < close.length; row++)
    if (!Number.isNaN(close[row]!)) out.set(index.instruments[index.codes[row]!]!, close[row]!);
  return out;
}

/**
 * The last close before the day of each row: `(rows)`, NaN where there is none. Days without trade are passed over.
 * @param earlier closes before the first row, by instrument
 */
export function previousCloses(
  { times, offsets, codes, instruments }: PanelIndex,
  close: Values,
  earlier: ReadonlyMap<string, number>,
): Float64Array {
  const before = Float64Array.from(instruments, (name) => earlier.get(name) ?? Number.NaN);
  const latest = before.slice();
  const out = new Float64Array(close.length);
  let day = Number.NaN;
  for (let t = 0; t < times.length; t++) {
    const today = Math.floor(times[t]! / dayMs);
    if (today !== day) before.set(latest);
    day = today;
    for (let row = offsets[t]!; row < offsets[t + 1]!; row++) {
      out[row] = before[codes[row]!]!;
      if (!Number.isNaN(close[row]!)) latest[codes[row]!] = close[row]!;
    }
  }
  return out;
}

/**
 * Rows at the price limit: deal price / previous close - 1 >= threshold for buying, <= -threshold for selling, and those without a close.
 * Where the deal price or the previous close is not known there is no limit.
 */
export function strictFlags({
  price,
  close,
  previous,
  limit,
  direction,
}: {
  readonly price: Values;
  readonly close: Values;
  readonly previous: Float64Array;
  readonly limit: Limit;
  readonly direction: 'buy' | 'sell';
}): Uint8Array {
  const out = new Uint8Array(price.length);
  for (let row = 0; row < out.length; row++) {
    const change = price[row]! / previous[row]! - 1;
    const isAtLimit =
      limit.kind === 'change' &&
      (direction === 'buy' ? change >= limit.threshold : change <= -limit.threshold);
    out[row] = isAtLimit || Number.isNaN(close[row]!) ? 1 : 0;
  }
  return out;
}
