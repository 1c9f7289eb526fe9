import { describe, expect, it } from 'vitest';
import { formatTime, parseTime } from '../../../components/core/dates.ts';

const read = (text: string) => {
  const time = parseTime(text);
  return time === undefined ? undefined : formatTime(time);
};

// pandas: pd.Timestamp(text) gives the same for each of these
describe('parseTime', () => {
  it.each([
    ['2017-01-03', '2017-01-03'],
    ['2017/01/03', '2017-01-03'],
    ['2017/1/3', '2017-01-03'],
    ['20170103', '2017-01-03'],
    ['2017-01-03 09:35:00', '2017-01-03 09:35:00'],
    ['2017/01/03T09:35', '2017-01-03 09:35:00'],
  ])('reads %s', (text, date) => {
    expect(read(text)).toBe(date);
  });

  it('keeps milliseconds', () => {
    expect(parseTime('1970/01/02 00:00:01.25')).toBe(86_401_250);
  });

  it.each([
    '2017-02-30',
    '2017/13/01',
    '2017-01/03',
    '2017/01-03',
    '01/03/2017',
    '2017',
    'tomorrow',
    '2017-01-03 24:00',
  ])('takes %s for no date', (text) => {
    expect(read(text)).toBeUndefined();
  });
});
