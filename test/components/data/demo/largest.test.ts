import { describe, expect, it } from 'vitest';
import { largestByYear } from '../../../../components/data/demo/largest.ts';

describe('largestByYear', () => {
  const candidate = (name: string, capital: number[], lastDay = 29) => ({
    name,
    capital,
    firstDay: 0,
    lastDay,
  });

  it('joins years on end and splits where an instrument leaves and comes back', () => {
    const candidates = [candidate('B', [5, 1, 5]), candidate('A', [9, 9, 9]), candidate('C', [1, 5, 1])];
    expect(largestByYear(candidates, [0, 10, 20], 30, 2)).toEqual([
      { name: 'A', firstDay: 0, lastDay: 29 },
      { name: 'B', firstDay: 0, lastDay: 9 },
      { name: 'B', firstDay: 20, lastDay: 29 },
      { name: 'C', firstDay: 10, lastDay: 19 },
    ]);
  });

  it('leaves out what is not listed and ends with a delisting', () => {
    const candidates = [candidate('A', [0, 4, 4]), candidate('B', [3, 3, 0], 13)];
    expect(largestByYear(candidates, [0, 10, 20], 30, 2)).toEqual([
      { name: 'A', firstDay: 10, lastDay: 29 },
      { name: 'B', firstDay: 0, lastDay: 13 },
    ]);
  });
});
