import { describe, expect, it } from 'vitest';
import { formatTime } from '../../../components/core/dates.ts';
import { endOfDay, readEnd, readSegment, readStart } from '../../../components/dataset/time-option.ts';

describe('readStart and readEnd', () => {
  it('take days, months, years, eight digits and null', () => {
    expect(
      [readStart('2008-02-01'), readStart('2008-02'), readStart('2008')].map((t) => formatTime(t!)),
    ).toEqual(['2008-02-01', '2008-02-01', '2008-01-01']);
    expect([readEnd('2008-02-01'), readEnd('2008-02'), readEnd('2008')].map((t) => formatTime(t!))).toEqual([
      '2008-02-01',
      '2008-02-29',
      '2008-12-31',
    ]);
    expect(readStart(20080102)).toBe(Date.UTC(2008, 0, 2));
    expect(readStart(null)).toBeNull();
  });

  it('refuse what is no date, with its place', () => {
    expect(() => readStart('soon', ['start_time'])).toThrow(
      expect.objectContaining({
        problem: 'not a date: "soon"',
        hint: 'write it as 2008-01-02, 20080102, 2008-01-02 09:35:00 or null',
        path: ['start_time'],
      }),
    );
    expect(() => readStart('2008-02-30')).toThrow('not a date: "2008-02-30"');
    expect(() => readStart('2008-13')).toThrow('not a date: "2008-13"');
  });
});

describe('readSegment', () => {
  it('takes pairs, open ends and single periods', () => {
    expect(readSegment(['2008-01-02', null])).toEqual({ start: Date.UTC(2008, 0, 2), end: null });
    expect(readSegment('2008-03')).toEqual({ start: Date.UTC(2008, 2, 1), end: Date.UTC(2008, 2, 31) });
  });

  it('refuses an end before the start, and other shapes', () => {
    expect(() => readSegment(['2009-01-01', '2008-01-01'])).toThrow(
      'the segment ends before it starts: ["2009-01-01","2008-01-01"]',
    );
    expect(() => readSegment(['2009-01-01'])).toThrow('not a segment: ["2009-01-01"]');
  });
});

describe('endOfDay', () => {
  it('reaches to the last moment of a day, and leaves times alone', () => {
    expect(endOfDay(Date.UTC(2008, 0, 1))).toBe(Date.UTC(2008, 0, 2) - 1);
    expect(endOfDay(Date.UTC(2008, 0, 1, 9, 30))).toBe(Date.UTC(2008, 0, 1, 9, 30));
    expect(endOfDay(null)).toBeNull();
  });
});
