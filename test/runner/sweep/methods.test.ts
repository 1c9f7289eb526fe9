import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PyFloat } from '../../../components/core/python.ts';
import { drawAssignment } from '../../../runner/sweep/draw.ts';
import { gridAssignments } from '../../../runner/sweep/grid.ts';
import { readParameters } from '../../../runner/sweep/parameters.ts';
import { Random } from '../../../runner/sweep/random.ts';
import { type Observation, suggestTpe } from '../../../runner/sweep/tpe.ts';
import type { Parameter } from '../../../runner/sweep/types.ts';

/** The same mapping as Python would have it; numbers listed in `floats` are floats. */
function python(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(python);
  if (typeof value === 'object' && value !== null)
    return new Map(Object.entries(value).map(([k, v]) => [k, python(v)]));
  return typeof value === 'number' && Number.isInteger(value) ? value : value;
}
function parameters(config: unknown): readonly Parameter[] {
  const found = readParameters(config, python(config));
  expect(found.errors).toEqual([]);
  return found.parameters;
}
const texts = (config: unknown) => gridAssignments(parameters(config)).map((a) => [...a.values()].join(' '));

describe('gridAssignments', () => {
  it('multiplies values, the first parameter slowest', () => {
    expect(texts({ a: { values: [1, 2] }, b: ['x', true] })).toEqual(['1 "x"', '1 true', '2 "x"', '2 true']);
  });

  it('steps through ranges without rounding errors', () => {
    expect(texts({ a: { min: 0.1, max: 0.5, step: 0.1 } })).toEqual(['0.1', '0.2', '0.3', '0.4', '0.5']);
    expect(texts({ a: { min: 3, max: 5 } })).toEqual(['3', '4', '5']);
    expect(texts({ a: { distribution: 'q_uniform', min: 1, max: 8, q: 3 } })).toEqual(['3', '6']);
  });

  it('leaves out parameters whose conditions do not hold, and points that become the same', () => {
    const config = {
      estimator: { values: ['ols', 'ridge'] },
      alpha: { values: [1, 2], when: { estimator: 'ridge' } },
      deep: { values: [7, 8], when: { alpha: [2] } },
    };
    expect(texts(config)).toEqual(['"ols"', '"ridge" 1', '"ridge" 2 7', '"ridge" 2 8']);
  });

  it('refuses a range without steps', () => {
    expect(() => texts({ a: { min: 0.5, max: 1.5 } })).toThrow(/a has no steps, a grid needs them/);
  });
});

describe('readParameters', () => {
  it('reads W&B nesting, keeps floats floats', () => {
    const config = { task: { parameters: { model: { parameters: { lr: { values: [1, 2] } } } } }, 'a.b': 3 };
    const tree = python(config) as Map<string, unknown>;
    tree.set('a.b', new PyFloat(3));
    const { parameters: found } = readParameters(config, tree);
    expect(found.map(({ key }) => key)).toEqual(['task.model.lr', 'a.b']);
    expect(found[1]).toMatchObject({ kind: 'choice', values: ['3.0'] });
  });

  it('takes exponents for log_uniform, as W&B does, and warns where values were meant', () => {
    const spec = { a: { distribution: 'log_uniform', min: 0.001, max: 0.1 } };
    const { parameters: found, warnings } = readParameters(spec, python(spec));
    expect(found[0]).toMatchObject({ min: Math.exp(0.001), max: Math.exp(0.1) });
    expect(warnings[0]!.message).toMatch(/log_uniform_values/);
  });

  it('tells mistakes with their places', () => {
    const spec = {
      a: { vales: [1] },
      b: { min: 3, max: 1 },
      c: { values: [1], probabilities: [1, 2] },
      d: { values: [1], when: { x: 1 } },
    };
    const { errors } = readParameters(spec, python(spec));
    const told = errors.map((e) => `${e.path.join('.')}: ${e.problem}`);
    expect(told).toContain('parameters.b.min: min 3 is above max 1');
    expect(told).toContain('parameters.c.probabilities: 1 values have 2 probabilities');
    expect(told).toContain('parameters: the condition of d names "x", which is no parameter');
  });
});

describe('drawAssignment', () => {
  it('stays within limits and on steps, whatever the distribution', () => {
    const distribution = fc.constantFrom(
      'uniform',
      'q_uniform',
      'log_uniform_values',
      'q_log_uniform_values',
      'inv_log_uniform_values',
      'int_uniform',
    );
    fc.assert(
      fc.property(
        distribution,
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 0, max: 50 }),
        fc.integer(),
        (name, min, width, seed) => {
          const [p] = parameters({ a: { distribution: name, min, max: min + width } });
          const value = Number(drawAssignment([p!], new Random(seed)).get('a'));
          expect(value).toBeGreaterThanOrEqual(min);
          expect(value).toBeLessThanOrEqual(min + width);
          if (/^(?:q_|int)/.test(name)) expect(Number.isInteger(value)).toBe(true);
        },
      ),
    );
  });

  it('draws probabilities as given', () => {
    const found = parameters({ a: { values: ['x', 'y'], probabilities: [0.9, 0.1] } });
    const random = new Random(1);
    let x = 0;
    for (let i = 0; i < 2000; i++) if (drawAssignment(found, random).get('a') === '"x"') x++;
    expect(x / 2000).toBeCloseTo(0.9, 1);
  });
});

describe('suggestTpe', () => {
  const space = parameters({
    x: { distribution: 'uniform', min: -5, max: 10 },
    y: { distribution: 'log_uniform_values', min: 0.0001, max: 1 },
    kind: { values: ['good', 'bad', 'worse'] },
  });
  const loss = (a: ReadonlyMap<string, string>) =>
    (Number(a.get('x')) - 3) ** 2 / 10 +
    Math.abs(Math.log10(Number(a.get('y'))) + 2) +
    ['"good"', '"bad"', '"worse"'].indexOf(a.get('kind')!);
  const search = (seed: number, runs: number, isRandom: boolean) => {
    const observations: Observation[] = [];
    for (let i = 0; i < runs; i++) {
      const random = new Random(seed, i);
      const assignment = isRandom
        ? drawAssignment(space, random)
        : suggestTpe({ parameters: space, observations, random, startup: 10 });
      observations.push({ assignment, loss: loss(assignment) });
    }
    return Math.min(...observations.map((o) => o.loss));
  };

  it('finds better points than random search with as many runs, on nearly every seed', () => {
    const seeds = Array.from({ length: 12 }, (_, i) => i);
    const wins = seeds.filter((seed) => search(seed, 60, false) < search(seed, 60, true)).length;
    expect(wins).toBeGreaterThanOrEqual(9);
  });

  it('gives the same point for the same seed and observations', () => {
    expect(search(3, 25, false)).toBe(search(3, 25, false));
  });

  it('counts failed points as bad and goes on when all have failed', () => {
    const failed = Array.from({ length: 12 }, (_, i) => ({
      assignment: drawAssignment(space, new Random(i)),
      loss: Number.NaN,
    }));
    expect([
      ...suggestTpe({ parameters: space, observations: failed, random: new Random(1), startup: 5 }).keys(),
    ]).toEqual(['x', 'y', 'kind']);
  });
});
