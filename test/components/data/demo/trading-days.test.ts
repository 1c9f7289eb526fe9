import { describe, expect, it } from 'vitest';
import { formatTime } from '../../../../components/core/dates.ts';
import { tradingDays } from '../../../../components/data/demo/trading-days.ts';

describe('tradingDays', () => {
  const days = Array.from(tradingDays(2016, 2023), formatTime);

  it('has about 252 ascending days a year', () => {
    expect(days).toEqual([...new Set(days)].sort());
    for (let year = 2016; year <= 2023; year++)
      expect(days.filter((d) => d.startsWith(`${year}`)).length, `${year}`).toBeGreaterThanOrEqual(250);
    expect(days[0]).toBe('2016-01-04');
    expect(days.at(-1)).toBe('2023-12-29');
  });

  it('closes on weekends and on the holidays of a US exchange', () => {
    // Martin Luther King day, Good Friday, Memorial day, Independence day on a Sunday, Thanksgiving, Christmas on a Saturday
    const closed = [
      '2021-01-18',
      '2021-04-02',
      '2021-05-31',
      '2021-07-05',
      '2021-11-25',
      '2021-12-24',
      '2023-04-07',
    ];
    for (const day of closed) expect(days, day).not.toContain(day);
    expect(days).toContain('2021-04-01');
    expect(days.some((d) => [0, 6].includes(new Date(d).getUTCDay()))).toBe(false);
  });
});
