import { averageOf, deviationOf } from './risk.ts';

/** A fill as the books have it; shares and prices adjusted alike. */
export interface Fill {
  /** Index of the day. */
  readonly day: number;
  /** Index of the instrument. */
  readonly instrument: number;
  /** Shares, negative for sales. */
  readonly shares: number;
  readonly price: number;
  readonly fee: number;
}

export interface SurfaceInput {
  readonly days: number;
  /** Index of the first day of the account; days before it serve estimates. */
  readonly first: number;
  readonly instruments: number;
  readonly fills: readonly Fill[];
  /** Closes and the prices that a later fill gets: `(instruments, days)`, NaN without trade. */
  readonly close: Float64Array;
  readonly dealPrice: Float64Array;
  /** Shares traded in the market: `(instruments, days)`. */
  readonly volume: Float64Array;
  /** Shares held before the first day: `(instruments)`. */
  readonly held: Float64Array;
  /** Value of the account before the first day. */
  readonly account: number;
  /** Return of the benchmark a day: `(days)`. */
  readonly bench: Float64Array;
}

export interface SurfaceAxes {
  /** Multiples of the recorded fees. */
  readonly costs: readonly number[];
  /** Days that each fill comes later. */
  readonly delays: readonly number[];
  /** Multiples of the recorded capital, orders growing with it; 0: so little money that it moves no price. */
  readonly capitals: readonly number[];
  /** Steps a year. */
  readonly steps: number;
}

/** Sharpe ratios a year, `(costs, delays, capitals)` flattened. */
export interface Surface extends SurfaceAxes {
  readonly sharpe: Float64Array;
  /** The same of the return above the benchmark. */
  readonly excess: Float64Array;
}

/** Days over which an instrument's volatility and volume are reckoned. */
const window = 20;

/**
 * What the recorded fills would have earned at other fees, later, and with other amounts of money. The fills stay the same in number and
 * shares (times the multiple of capital); a delayed one is dealt at the deal price that many trading days of its instrument later, and not at all
 * behind the last day. Money moves prices by the square root of its share in the market's volume: a fill of Q shares costs
 * σ √(Q / V) of its value, σ and V being the standard deviation of daily returns and the mean volume over the 20 days before.
 * Each day's money is put in relation to the recorded account, for which the orders were sized: losses elsewhere do not add up to ruin.
 * With fees times 1, no delay and capital 0 the result is that of the recorded backtest.
 * Sources: Almgren, Thum, Hauptmann and Li (2005), Direct estimation of equity market impact, Risk 18(7); Tóth et al. (2011), Anomalous price
 * impact and the critical nature of liquidity in financial markets, Physical Review X 1, for the square root with a factor near 1.
 */
export function costSurface(input: SurfaceInput, axes: SurfaceAxes): Surface {
  const { costs, delays, capitals, steps } = axes;
  const sharpe = new Float64Array(costs.length * delays.length * capitals.length);
  const excess = new Float64Array(sharpe.length);
  const close = filledForward(input);
  const impact = new ImpactRates(input);
  const recorded = replay(input, close, impact, 0);
  const account = recordedAccount(input, recorded);
  delays.forEach((delay, d) => {
    const path = delay === 0 ? recorded : replay(input, close, impact, delay);
    costs.forEach((cost, c) => {
      capitals.forEach((capital, k) => {
        const at = (c * delays.length + d) * capitals.length + k;
        const returns = netReturns(input, account, path, cost, capital);
        sharpe[at] = annualRatio(returns, steps);
        excess[at] = annualRatio(
          returns.map((r, day) => r - input.bench[input.first + day]!),
          steps,
        );
      });
    });
  });
  return { ...axes, sharpe, excess };
}

function annualRatio(returns: Float64Array, steps: number): number {
  return (averageOf(returns) / deviationOf(returns)) * Math.sqrt(steps);
}

/** Money by day at the recorded capital: gains before cost, fees, and impact at capital 1. */
interface Path {
  readonly gain: Float64Array;
  readonly fee: Float64Array;
  readonly impact: Float64Array;
}

function replay(input: SurfaceInput, close: Float64Array, rates: ImpactRates, delay: number): Path {
  const { days, first, held } = input;
  const path: Path = {
    gain: new Float64Array(days),
    fee: new Float64Array(days),
    impact: new Float64Array(days),
  };
  const shares = Float64Array.from(held);
  const byDay = fillsByDay(input, delay);
  for (let day = first; day < days; day++) {
    if (day > 0) path.gain[day] = gainOfHeld(shares, close, days, day);
    for (const { instrument, shares: dealt, price, fee } of byDay[day] ?? []) {
      const end = close[instrument * days + day]!;
      if (!Number.isNaN(end)) path.gain[day]! += dealt * (end - price);
      path.fee[day]! += fee;
      const rate = rates.at(instrument, day) * Math.sqrt(Math.abs(dealt));
      if (!Number.isNaN(rate)) path.impact[day]! += Math.abs(dealt) * price * rate;
      shares[instrument]! += dealt;
    }
  }
  return path;
}

/** What was held through a day gained on it. A function of its own, called day by day: engines compile it after a few of them. */
function gainOfHeld(shares: Float64Array, close: Float64Array, days: number, day: number): number {
  let gain = 0;
  for (let i = 0; i < shares.length; i++) {
    if (shares[i] === 0) continue;
    const change = close[i * days + day]! - close[i * days + day - 1]!;
    if (!Number.isNaN(change)) gain += shares[i]! * change;
  }
  return gain;
}

/** The fills by the day on which they come; fees go along with the value. */
function fillsByDay({ fills, days, dealPrice }: SurfaceInput, delay: number): Fill[][] {
  const byDay: Fill[][] = Array.from({ length: days }, () => []);
  for (const fill of fills) {
    if (delay === 0) {
      byDay[fill.day]!.push(fill);
      continue;
    }
    let [day, left] = [fill.day, delay];
    const first = fill.instrument * days;
    while (left > 0 && ++day < days) if (!Number.isNaN(dealPrice[first + day]!)) left--;
    if (left > 0) continue;
    const price = dealPrice[first + day]!;
    byDay[day]!.push({ ...fill, day, price, fee: (fill.fee * price) / fill.price });
  }
  return byDay;
}

/** Value of the account before each day of the recorded backtest. */
function recordedAccount({ account, days, first }: SurfaceInput, recorded: Path): Float64Array {
  const before = new Float64Array(days).fill(Number.NaN);
  let value = account;
  for (let day = first; day < days; day++) {
    before[day] = value;
    value += recorded.gain[day]! - recorded.fee[day]!;
  }
  return before;
}

/** Returns after fees and impact. Impact in money grows with capital^1.5, as a share of it with its root. */
function netReturns(
  { days, first }: SurfaceInput,
  account: Float64Array,
  path: Path,
  cost: number,
  capital: number,
): Float64Array {
  const impact = Math.sqrt(capital);
  const out = new Float64Array(days - first);
  for (let day = first; day < days; day++)
    out[day - first] = (path.gain[day]! - cost * path.fee[day]! - impact * path.impact[day]!) / account[day]!;
  return out;
}

/** Closes with gaps filled by the last one before. */
function filledForward({ close, days }: SurfaceInput): Float64Array {
  const out = Float64Array.from(close);
  for (let at = 0; at < out.length; at++)
    if (Number.isNaN(out[at]!) && at % days !== 0) out[at] = out[at - 1]!;
  return out;
}

/** σ / √V of the days before, by instrument and day; NaN where it is not known. Reckoned where it is asked for. */
class ImpactRates {
  readonly #input: SurfaceInput;
  readonly #rates: Float64Array;
  readonly #isKnown: Uint8Array;

  constructor(input: SurfaceInput) {
    this.#input = input;
    this.#rates = new Float64Array(input.instruments * input.days);
    this.#isKnown = new Uint8Array(input.instruments * input.days);
  }

  at(instrument: number, day: number): number {
    const place = instrument * this.#input.days + day;
    if (this.#isKnown[place] === 0) {
      this.#rates[place] = impactRate(this.#input, instrument, day);
      this.#isKnown[place] = 1;
    }
    return this.#rates[place]!;
  }
}

function impactRate({ close, volume, days }: SurfaceInput, instrument: number, day: number): number {
  let count = 0;
  let sum = 0;
  let squares = 0;
  let traded = 0;
  let sessions = 0;
  const first = instrument * days;
  for (let t = Math.max(1, day - window); t < day; t++) {
    const r = close[first + t]! / close[first + t - 1]! - 1;
    if (!Number.isNaN(r)) {
      count++;
      sum += r;
      squares += r * r;
    }
    const v = volume[first + t]!;
    if (v > 0) {
      traded += v;
      sessions++;
    }
  }
  if (count < 2 || sessions === 0) return Number.NaN;
  const variance = Math.max(0, (squares - (sum * sum) / count) / (count - 1));
  return Math.sqrt(variance) / Math.sqrt(traded / sessions);
}
