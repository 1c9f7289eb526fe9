import { describe, expect, it } from 'vitest';
import { sampleDays, sampleMinutes, timeAfter } from '../../../components/backtest/calendars.ts';
import { timeOfDayRange } from '../../../components/backtest/decision.ts';
import { TradeCalendar } from '../../../components/backtest/trade-calendar.ts';
import { regions } from '../../../components/core/context.ts';
import { formatTime, parseTime } from '../../../components/core/dates.ts';
import { weekdays } from './market.ts';

const day = (text: string) => parseTime(text)!;
const shown = (times: Iterable<number>) => Array.from(times, formatTime);

describe('sampleDays', () => {
  const days = weekdays('2020-01-01', 25); // 2020-01-01, a Wednesday, to 2020-02-04

  it('begins weeks and months with their first session', () => {
    expect(shown(sampleDays(days, { count: 1, unit: 'week' }))).toEqual([
      '2020-01-01',
      '2020-01-06',
      '2020-01-13',
      '2020-01-20',
      '2020-01-27',
      '2020-02-03',
    ]);
    expect(shown(sampleDays(days, { count: 1, unit: 'month' }))).toEqual(['2020-01-01', '2020-02-03']);
  });

  it('counts from the first session there is', () => {
    expect(shown(sampleDays(days, { count: 10, unit: 'day' }))).toEqual([
      '2020-01-01',
      '2020-01-15',
      '2020-01-29',
    ]);
  });
});

describe('sampleMinutes', () => {
  it('counts bars from the opening, over the pause', () => {
    const minutes = ['09:30', '10:29', '11:29', '13:00', '14:59'].map((time) => day(`2020-01-02 ${time}`));
    expect(shown(sampleMinutes(Float64Array.from(minutes), 60, regions['cn']!))).toEqual([
      '2020-01-02 09:30:00',
      '2020-01-02 10:30:00',
      '2020-01-02 13:00:00',
      '2020-01-02 14:00:00',
    ]);
  });
});

describe('TradeCalendar', () => {
  const times = weekdays('2020-01-01', 10);

  it('ends a step a second before the next, over the weekend too', () => {
    const calendar = new TradeCalendar('day', times);
    calendar.reset(day('2020-01-02'), day('2020-01-05'));
    expect(calendar.length).toBe(2);
    expect(calendar.stepTime(1)).toEqual({ start: day('2020-01-03'), end: day('2020-01-05 23:59:59') });
    expect(calendar.stepTime(0, 1)).toEqual({ start: day('2020-01-01'), end: day('2020-01-01 23:59:59') });
  });

  it('has an end behind the last day, and nothing before the first', () => {
    const calendar = new TradeCalendar('day', times);
    calendar.reset(times[0]!, times.at(-1)!);
    expect(calendar.stepTime(9)).toEqual({ start: day('2020-01-14'), end: day('2020-01-14 23:59:59') });
    const { start, end } = calendar.stepTime(0, 1);
    expect(start).toBeGreaterThan(end);
  });

  it('knows where weeks and months would go on', () => {
    expect(formatTime(timeAfter(day('2020-01-15'), { count: 1, unit: 'week' }))).toBe('2020-01-20');
    expect(formatTime(timeAfter(day('2020-01-02'), { count: 2, unit: 'month' }))).toBe('2020-03-01');
  });

  it('cuts a range of the day to its steps', () => {
    const minutes = Float64Array.from({ length: 8 }, (_, i) => day('2020-01-02 09:30') + i * 30 * 60_000);
    const calendar = new TradeCalendar('30min', minutes);
    calendar.reset(day('2020-01-02'), day('2020-01-02 23:59:59'));
    const hour = 3_600_000;
    expect(timeOfDayRange(10 * hour, 11.5 * hour).steps(calendar)).toEqual([1, 4]);
  });
});
