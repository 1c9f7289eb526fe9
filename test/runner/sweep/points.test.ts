import { describe, expect, it } from 'vitest';
import { readParameters } from '../../../runner/sweep/parameters.ts';
import { pointsOf, type TrialResult, Trials } from '../../../runner/sweep/points.ts';
import type { Sweep, Trial } from '../../../runner/sweep/types.ts';

const spec = { x: { distribution: 'uniform', min: 0, max: 1 } };
const { parameters } = readParameters(spec, new Map([['x', new Map(Object.entries(spec.x))]]));
const sweep: Sweep = {
  name: 's',
  file: 's.yaml',
  base: 'w.yaml',
  method: 'bayes',
  goal: { metric: 'IC', maximize: true },
  parameters,
  list: [],
  always: ['a=1'],
  runs: 12,
  seconds: undefined,
  seed: 3,
  earlyStop: undefined,
  repeats: undefined,
  walkForward: undefined,
  holdout: undefined,
  parallel: undefined,
  experimentName: undefined,
  retries: 0,
  startup: 3,
};
const lossOf = (trial: Trial): TrialResult => ({ loss: (Number(trial.assignment.get('x')) - 0.3) ** 2 });

describe('Trials', () => {
  it('proposes the same points whatever the order in which runs end', () => {
    const ask = (isPatient: boolean) => {
      const trials = new Trials(sweep, 2);
      const made: Trial[] = [];
      const known = new Map<number, TrialResult>();
      for (let i = 0; i < 12; ) {
        const trial = trials.get(i, (k) => known.get(k));
        if (trial) {
          made.push(trial);
          i++;
          if (isPatient) known.set(trial.index, lossOf(trial));
        } else for (const one of made) if (!known.has(one.index)) known.set(one.index, lossOf(one));
      }
      return made.map(({ overrides }) => overrides);
    };
    expect(ask(false)).toEqual(ask(true));
    expect(new Set(ask(true).map(String)).size).toBe(12);
  });

  it('waits for the results that it proposes from, and ends', () => {
    const trials = new Trials(sweep, 2);
    for (let i = 0; i < 3; i++) expect(trials.get(i, () => undefined)).toBeTruthy();
    expect(trials.get(3, () => undefined)).toBeUndefined();
    expect(trials.get(12, () => undefined)).toBeNull();
  });

  it('ends where a space has no other point', () => {
    const small = readParameters({ x: [1, 2] }, new Map([['x', [1, 2]]])).parameters;
    const trials = new Trials({ ...sweep, method: 'random', parameters: small }, 1);
    const made: Trial[] = [];
    for (let i = 0; ; i++) {
      const trial = trials.get(i, () => undefined);
      if (!trial) break;
      made.push(trial);
    }
    expect(made.map(({ overrides }) => overrides[0]).sort()).toEqual(['x=1', 'x=2']);
    expect(trials.count).toBe(2);
  });
});

describe('pointsOf', () => {
  it('multiplies a trial by seeds and folds, each with a key of its own that does not hang on the place', () => {
    const trial: Trial = { index: 2, overrides: ['x=1'], assignment: new Map() };
    const folds = [0, 1].map((index) => ({
      index,
      segments: { test: ['2020-01-01', '2020-02-01'] as const },
      backtests: [],
    }));
    const wide: Sweep = { ...sweep, repeats: { key: 'task.model.kwargs.seed', seeds: [5, 6] } };
    const points = pointsOf(trial, wide, folds);
    expect(points.map(({ index, seed, fold }) => [index, seed, fold])).toEqual([
      [8, 5, 0],
      [9, 5, 1],
      [10, 6, 0],
      [11, 6, 1],
    ]);
    expect(points[0]!.overrides).toEqual([
      'a=1',
      'x=1',
      'task.dataset.kwargs.segments.test=[2020-01-01, 2020-02-01]',
      '++task.model.kwargs.seed=5',
    ]);
    // both folds are the same days here, and so the same run
    expect(new Set(points.map(({ key }) => key)).size).toBe(2);
    expect(pointsOf({ ...trial, index: 7 }, wide, folds)[0]!.key).toBe(points[0]!.key);
  });
});
