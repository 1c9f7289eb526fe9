import { exp } from './elementary.ts';
import type { Path } from './path.ts';
import type { Profile } from './profile.ts';

/** The fields of the data folder, in qlib's sense: prices times factor, volume over factor. */
export const fieldNames = ['open', 'high', 'low', 'close', 'vwap', 'volume', 'factor', 'change'] as const;

/** Columns over an instrument's days; NaN on days without trade. */
export type Bars = Readonly<Record<(typeof fieldNames)[number], Float64Array>>;

const cents = (price: number) => Math.max(1, Math.round(price * 100)) / 100;

/** Days without trade: about one halt in three years, two to fifteen days long; never the first or the last day. */
function suspendedDays(profile: Profile, length: number): Uint8Array {
  const suspended = new Uint8Array(length);
  for (let k = 1; k < length - 1; k++) {
    if (profile.random.uniform() > 1 / 750) continue;
    const end = Math.min(length - 1, k + 2 + Math.floor(14 * profile.random.uniform()));
    suspended.fill(1, k, end);
    k = end;
  }
  return suspended;
}

/**
 * Prices as a tape would show them, in cents, with dividends taken off and splits carried out on their day, then adjusted so that
 * the factor of the last day is 1: before a split of r for 1 it is 1 / r of what it is after, before a dividend 1 - dividend / close.
 */
export function makeBars(profile: Profile, path: Path): Bars {
  const { random } = profile;
  const length = path.value.length;
  const column = () => new Float64Array(length).fill(Number.NaN);
  const bars = Object.fromEntries(fieldNames.map((name) => [name, column()])) as unknown as Bars;
  const suspended = suspendedDays(profile, length);
  /** Factor of the day over factor of the day before. */
  const steps = new Float64Array(length).fill(1);
  let units = profile.firstPrice;
  let shares = profile.shares;
  let close = profile.firstPrice;
  for (let k = 0; k < length; k++) {
    const isTraded = suspended[k] === 0;
    const growth = k === 0 ? 1 : path.value[k]! / path.value[k - 1]!;
    if (isTraded && k > 0) {
      const raw = units * path.value[k]!;
      const ratio = raw > 200 ? (raw > 400 ? 4 : 2) : raw < 3 ? 0.1 : random.uniform() < 1 / 4000 ? 1.5 : 1;
      const paid = profile.dividendYield > 0 && (profile.firstDay + k) % 63 === profile.dividendDay;
      const left = paid ? 1 - profile.dividendYield : 1;
      units *= left / ratio;
      shares *= ratio;
      steps[k] = ratio / left;
    }
    const [o, u, v, w] = [path.overnight[k]!, random.normal(), random.normal(), random.uniform()];
    if (!isTraded) continue;
    close = units * path.value[k]!;
    const open = cents((close / growth) * (1 + o));
    const [top, bottom] = [Math.max(open, cents(close)), Math.min(open, cents(close))];
    const reach = 0.45 * path.spread[k]!;
    const high = cents(top * exp(reach * Math.abs(u)));
    const low = cents(bottom * exp(-reach * Math.abs(v)));
    bars.open[k] = open;
    bars.close[k] = cents(close);
    bars.high[k] = Math.max(high, top);
    bars.low[k] = Math.min(low, bottom);
    const middle = (open + 2 * cents(close) + high + low) / 5;
    bars.vwap[k] = Math.max(bars.low[k]!, Math.min(bars.high[k]!, middle + (w - 0.5) * 0.4 * (high - low)));
    bars.volume[k] = Math.max(1, Math.round((shares * path.turnover[k]!) / 100)) * 100;
  }
  adjust(bars, steps, suspended);
  return bars;
}

function adjust(bars: Bars, steps: Float64Array, suspended: Uint8Array): void {
  let factor = 1;
  for (let k = steps.length - 1; k >= 0; k--) {
    if (suspended[k] === 0) {
      bars.factor[k] = factor;
      for (const name of ['open', 'high', 'low', 'close', 'vwap'] as const) bars[name][k]! *= factor;
      bars.volume[k]! /= factor;
    }
    factor /= steps[k]!;
  }
  let before = Number.NaN;
  for (let k = 0; k < steps.length; k++) {
    const close = bars.close[k]!;
    if (suspended[k] !== 0) continue;
    bars.change[k] = close / before - 1;
    before = close;
  }
}
