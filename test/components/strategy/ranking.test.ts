import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Scores } from '../../../components/backtest/scores.ts';
import { highestScores, rankByScore } from '../../../components/strategy/ranking.ts';

function scoresOf(values: readonly number[]): Scores {
  const names = values.map((_, i) => `I${String(i).padStart(3, '0')}`);
  const codeOf = new Map(names.map((name, code) => [name, code]));
  return new Scores(names, Int32Array.from(names.keys()), Float64Array.from(values), codeOf);
}

const values = fc.array(fc.oneof(fc.constantFrom(0, 1, Number.NaN), fc.double({ noNaN: true })), {
  maxLength: 200,
});

describe('highestScores', () => {
  it('puts the highest first, NaN last, ties where pandas has them', () => {
    expect(highestScores(scoresOf([1, Number.NaN, 3, 1, 2]))).toEqual([
      'I002',
      'I004',
      'I000',
      'I003',
      'I001',
    ]);
  });

  it('gives the first of the whole ranking for any count', () => {
    fc.assert(
      fc.property(values, fc.nat(210), (list, count) => {
        const scores = scoresOf(list);
        const all = rankByScore(scores.instruments, (name) => scores.of(name));
        expect(highestScores(scores)).toEqual(all);
        expect(highestScores(scores, count)).toEqual(all.slice(0, count));
      }),
    );
  });

  it('leaves out what is to be skipped', () => {
    fc.assert(
      fc.property(values, fc.infiniteStream(fc.boolean()), fc.nat(210), (list, flags, count) => {
        const scores = scoresOf(list);
        const skip = Uint8Array.from(list, () => Number(flags.next().value));
        const chosen = highestScores(scores, count, skip);
        expect(chosen.some((name) => skip[scores.indexOf(name)])).toBe(false);
        const kept = scores.instruments.filter((name) => !skip[scores.indexOf(name)]);
        expect(chosen).toEqual(rankByScore(kept, (name) => scores.of(name)).slice(0, count));
      }),
    );
  });
});
