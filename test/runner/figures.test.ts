import { describe, expect, it } from 'vitest';
import { Figures } from '../../runner/figures.ts';

describe('Figures', () => {
  it('has nothing to tell of a run that has not come far', () => {
    expect(new Figures().lines()).toEqual([]);
  });

  it('tells the last step of a training, then what records have logged', () => {
    const figures = new Figures();
    figures.step('l2.train', 0.9, 0);
    figures.step('l2.valid', 1.1, 0);
    figures.step('l2.train', 0.123456789, 1);
    figures.note({ 'l2.train': [[0, 0.9]], IC: 0.5 });
    figures.note({ IC: 0.04, ICIR: 0.4 });
    expect(figures.lines()).toEqual([
      'l2.train 0.123457 (step 1)   l2.valid 1.10000 (step 0)',
      'IC 0.040000   ICIR 0.400000',
    ]);
  });
});
