import { describe, expect, it } from 'vitest';
import { costSurface, type SurfaceInput } from '../../../components/eval/cost-surface.ts';
import { riskAnalysis } from '../../../components/eval/risk.ts';

// one instrument, 100 shares bought on day 1 and sold on day 4; the account has 1000
const close = [10, 10, 11, 12, 11, 13];
const input: SurfaceInput = {
  days: 6,
  first: 1,
  instruments: 1,
  fills: [
    { day: 1, instrument: 0, shares: 50, price: 10, fee: 2 },
    { day: 4, instrument: 0, shares: -50, price: 11, fee: 3 },
  ],
  close: Float64Array.from(close),
  dealPrice: Float64Array.from(close),
  volume: new Float64Array(6).fill(200),
  held: new Float64Array(1),
  account: 1000,
  bench: new Float64Array(6),
};
const axes = { costs: [0, 1], delays: [0, 1], capitals: [0], steps: 238 };

/** Sharpe ratio of what is earned by day, in relation to an account that earns `recorded`. */
function ratio(money: readonly number[], recorded: readonly number[] = [-2, 50, 50, -53, 0]): number {
  let value = 1000;
  const returns = money.map((gain, i) => {
    const r = gain / value;
    value += recorded[i]!;
    return r;
  });
  return riskAnalysis(returns, { freq: 'day' }).information_ratio;
}

describe('costSurface', () => {
  it('replays the fills by hand', () => {
    const { sharpe } = costSurface(input, axes);
    // (costs, delays, capitals)
    expect(sharpe[0]).toBeCloseTo(ratio([0, 50, 50, -50, 0]), 12);
    expect(sharpe[1]).toBeCloseTo(ratio([0, 0, 50, -50, 100]), 12);
    expect(sharpe[2]).toBeCloseTo(ratio([-2, 50, 50, -53, 0]), 12);
    // fees go along with the value: 2.2 at 11, 3 * 13 / 11 at 13
    expect(sharpe[3]).toBeCloseTo(ratio([0, -2.2, 50, -50, 100 - (3 * 13) / 11]), 12);
  });

  it('waits for days on which the instrument trades, and forgets what comes too late', () => {
    const dealPrice = Float64Array.from([10, 10, Number.NaN, 12, 11, 13]);
    const { sharpe } = costSurface({ ...input, dealPrice }, { ...axes, costs: [0], delays: [1, 5] });
    expect(sharpe[0]).toBeCloseTo(ratio([0, 0, 0, -50, 100]), 12);
    expect(sharpe[1]).toBeNaN();
  });

  it('takes the square root of the share in the volume as impact', () => {
    const lead = Array.from({ length: 20 }, (_, i) => 10 + (i % 2));
    const long: SurfaceInput = {
      ...input,
      days: 26,
      first: 21,
      fills: input.fills.map((fill) => ({ ...fill, day: fill.day + 20, fee: 0 })),
      close: Float64Array.from([...lead, ...close]),
      dealPrice: Float64Array.from([...lead, ...close]),
      volume: new Float64Array(26).fill(200),
      bench: new Float64Array(26),
    };
    const { sharpe } = costSurface(long, { ...axes, costs: [1], delays: [0], capitals: [0, 4] });
    const prices = [...lead, ...close];
    const impactOf = (day: number, price: number, capital: number) => {
      const returns = prices.slice(day - 20, day).map((p, i) => p / prices[day - 21 + i]! - 1);
      const present = returns.filter((r) => !Number.isNaN(r));
      const mean = present.reduce((a, b) => a + b, 0) / present.length;
      const deviation = Math.sqrt(present.reduce((a, b) => a + (b - mean) ** 2, 0) / (present.length - 1));
      return 50 * price * deviation * Math.sqrt((50 * capital) / 200);
    };
    const recorded = [0, 50, 50, -50, 0];
    expect(sharpe[0]).toBeCloseTo(ratio(recorded, recorded), 12);
    expect(sharpe[1]).toBeCloseTo(
      ratio([-impactOf(21, 10, 4), 50, 50, -50 - impactOf(24, 11, 4), 0], recorded),
      10,
    );
  });

  it('falls with fees, and stays a number whatever they are', () => {
    const { sharpe } = costSurface(input, { ...axes, costs: [0, 1, 10, 1000], delays: [0] });
    expect([...sharpe]).toEqual([...sharpe].sort((a, b) => b - a));
    expect(sharpe.every(Number.isFinite)).toBe(true);
  });

  it('does not hang on the order of the instruments', () => {
    const two: SurfaceInput = {
      ...input,
      instruments: 2,
      fills: [...input.fills, { day: 2, instrument: 1, shares: 10, price: 5, fee: 1 }],
      close: Float64Array.from([...close, 5, 5, 5, 6, 7, 8]),
      dealPrice: Float64Array.from([...close, 5, 5, 5, 6, 7, 8]),
      volume: new Float64Array(12).fill(100),
      held: Float64Array.of(0, 3),
    };
    const swapped: SurfaceInput = {
      ...two,
      fills: two.fills.map((fill) => ({ ...fill, instrument: 1 - fill.instrument })),
      close: Float64Array.from([5, 5, 5, 6, 7, 8, ...close]),
      dealPrice: Float64Array.from([5, 5, 5, 6, 7, 8, ...close]),
      held: Float64Array.of(3, 0),
    };
    const [a, b] = [costSurface(two, axes), costSurface(swapped, axes)];
    for (const [i, x] of a.sharpe.entries()) expect(x).toBeCloseTo(b.sharpe[i]!, 12);
  });
});
