import { describe, expect, it } from 'vitest';
import { cumulative, drawdown, monthly, returnsOf, rollingMean } from '../../../runner/ui/charts/figures.ts';

describe('figures of charts', () => {
  it('sums, and falls from the highest point so far', () => {
    expect(cumulative([1, null, -2, 3])).toEqual([1, 1, -1, 2]);
    expect(drawdown([1, 3, 2, 4, -1])).toEqual([0, 0, -1, 0, -5]);
    // A fall from the start counts from zero.
    expect(drawdown([-1, -2])).toEqual([-1, -2]);
  });

  it('takes cost and benchmark off', () => {
    const report = {
      freq: '1day',
      days: ['a', 'b'],
      return: [0.5, null],
      bench: [0.25, 0.25],
      cost: [0.125, 0],
      turnover: null,
      account: null,
    };
    expect(returnsOf(report)).toEqual({ net: [0.375, null], excess: [0.125, null], bench: [0.25, 0.25] });
    expect(returnsOf({ ...report, return: null })).toBeNull();
  });

  it('sums by month and year', () => {
    const { years, cells, yearly } = monthly(['2019-12-30', '2019-12-31', '2020-01-02'], [1, 2, 4]);
    expect(years).toEqual(['2019', '2020']);
    expect(cells).toEqual([
      [11, 0, 3],
      [0, 1, 4],
    ]);
    expect(yearly).toEqual([
      ['2019', 3],
      ['2020', 4],
    ]);
  });

  it('averages over a window, gaps left out', () => {
    expect(rollingMean([1, 2, null, 4], 2)).toEqual([null, 1.5, null, null]);
    expect(rollingMean([1, 2, 3, 4, 5, 6], 5).slice(4)).toEqual([3, 4]);
  });
});
