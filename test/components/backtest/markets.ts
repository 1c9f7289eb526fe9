import fc from 'fast-check';
import type { Bars } from './market.ts';

/**
 * Random walks of some instruments over 25 days, with suspended days, late listings, adjustment factors and openings of their own, and scores
 * for them.
 */
export const randomMarkets = fc
  .array(
    fc.record({
      start: fc.double({ min: 1, max: 200, noNaN: true }),
      steps: fc.array(fc.double({ min: -0.12, max: 0.12, noNaN: true }), { minLength: 25, maxLength: 25 }),
      gaps: fc.array(fc.double({ min: -0.08, max: 0.08, noNaN: true }), { minLength: 25, maxLength: 25 }),
      suspended: fc.array(fc.integer({ min: 0, max: 24 }), { maxLength: 6 }),
      listed: fc.integer({ min: 0, max: 5 }),
      factor: fc.double({ min: 0.2, max: 3, noNaN: true }),
      scores: fc.array(fc.option(fc.double({ min: -1, max: 1, noNaN: true }), { nil: Number.NaN, freq: 8 }), {
        minLength: 25,
        maxLength: 25,
      }),
    }),
    { minLength: 4, maxLength: 9 },
  )
  .map((list) => {
    const bars: Record<string, Bars> = {};
    const scores: Record<string, number[]> = {};
    for (const [i, one] of list.entries()) {
      let price = one.start;
      const open: number[] = [];
      const close = one.steps.map((step, day) => {
        open.push(price * (1 + one.gaps[day]!));
        price *= 1 + step;
        if (day < one.listed) return undefined as unknown as number;
        return one.suspended.includes(day) ? Number.NaN : price;
      });
      bars[`I${i}`] = { close, open, factor: close.map(() => one.factor) };
      scores[`I${i}`] = one.scores;
    }
    return { bars, scores };
  });

export const randomExchanges = fc.record({
  deal_price: fc.constantFrom('close', 'open', ['$open', '$close']),
  limit_threshold: fc.constantFrom(null, 0.05, 0.1),
  trade_unit: fc.constantFrom(null, 1, 100),
  min_cost: fc.constantFrom(0, 5, 500),
  impact_cost: fc.constantFrom(0, 0.1),
  volume_threshold: fc.constantFrom(null, ['cum', '$volume'], ['current', '$volume']),
  open_cost: fc.constantFrom(0, 0.001),
  close_cost: fc.constantFrom(0, 0.002),
});
