import { describe, expect, it } from 'vitest';
import { csvText } from '../../../runner/ui/download.ts';
import { shortKey, shownBytes, shownDuration, shownNumber } from '../../../runner/ui/format.ts';
import type { RunRow } from '../../../runner/ui/types.ts';
import { bestOf, labelsOf, numericKeys } from '../../../runner/ui/views/compare-data.ts';
import { treeOf } from '../../../runner/ui/views/file-tree.ts';
import { importanceOf } from '../../../runner/ui/views/sweep-data.ts';

const run = (id: string, metrics: Record<string, number>, params: Record<string, string> = {}): RunRow => ({
  id,
  name: 'r',
  experiment: '0',
  status: 'FINISHED',
  stage: 'active',
  user: '',
  start: 1,
  end: 2,
  params,
  metrics,
  tags: {},
});

describe('labelsOf', () => {
  it('calls runs by name, those of a sweep by what it gave them, and tells equals apart', () => {
    const swept = (id: string, overrides: string[]): RunRow => ({
      ...run(id, {}),
      tags: { 'qrun.sweep.overrides': JSON.stringify(overrides) },
    });
    expect(
      labelsOf([
        run('aaaaaaaa', {}),
        run('bbbbbbbb', {}),
        { ...run('c', {}), name: 'own' },
        swept('d', ['++task.model.kwargs.alpha=0.5', 'a.topk=5']),
        swept('eeeeeeee', ['x.alpha=1']),
        swept('ffffffff', ['x.alpha=1']),
      ]),
    ).toEqual(['r aaaaaa', 'r bbbbbb', 'own', 'alpha=0.5 topk=5', 'alpha=1 eeeeee', 'alpha=1 ffffff']);
  });
});

describe('CSV', () => {
  it('quotes what has to be, and makes no formulas of names', () => {
    expect(
      csvText(
        ['a', 'b'],
        [
          ['x,y', 'say "hi"'],
          ['=1+1', '-0.5'],
          [null, 1.5],
        ],
      ),
    ).toBe('a,b\r\n"x,y","say ""hi"""\r\n\'=1+1,-0.5\r\n,1.5\r\n');
  });
});

describe('shown values', () => {
  it('keeps four digits, and all of whole numbers', () => {
    expect([0.123456, 1234567, 12.5, 1e-7, 'NaN', null, -0.05].map((v) => shownNumber(v))).toEqual([
      '0.1235',
      '1,234,567',
      '12.50',
      '1.000e-7',
      'NaN',
      '',
      '-0.05000',
    ]);
  });

  it('tells bytes and durations', () => {
    expect([999, 1500, 2.5e9].map(shownBytes)).toEqual(['999 B', '1.5 kB', '2.5 GB']);
    expect([1500, 61_000, 3_720_000, null].map(shownDuration)).toEqual([
      '1.5 s',
      '1 min 01 s',
      '1 h 02 min',
      '',
    ]);
  });

  it('shortens dotted keys, not those with spaces', () => {
    expect(shortKey('task.model.kwargs.lr')).toBe('kwargs.lr');
    expect(shortKey('Rank IC')).toBe('Rank IC');
  });
});

describe('comparison', () => {
  const runs = [
    run(
      'a',
      { IC: 0.1, 'l2.valid': 0.5, '1day.excess_return_with_cost.max_drawdown': -0.3, break_even_cost: 1 },
      { lr: '0.1' },
    ),
    run(
      'b',
      { IC: 0.2, 'l2.valid': 0.4, '1day.excess_return_with_cost.max_drawdown': -0.1, break_even_cost: 2 },
      { lr: '0.2' },
    ),
  ];

  it('knows which way is up', () => {
    expect(
      ['IC', 'l2.valid', '1day.excess_return_with_cost.max_drawdown', 'break_even_cost'].map((m) =>
        bestOf(m, runs),
      ),
    ).toEqual(['b', 'b', 'b', 'b']);
    expect(bestOf('IC', [runs[0]!, runs[0]!])).toBeUndefined();
  });

  it('tells runs of one name apart, and finds the numbers that differ', () => {
    expect(labelsOf(runs)).toEqual(['r a', 'r b']);
    expect(numericKeys(runs)).toContain('params.lr');
  });
});

describe('importance of params', () => {
  it('is the share of variance between groups', () => {
    const runs = [0, 1].flatMap((a) =>
      [0, 1].map((b) => run(`${a}${b}`, { m: 3 * a + b }, { a: String(a), b: String(b) })),
    );
    // Sums of squares: 9 between the groups of a, 1 between those of b.
    expect(importanceOf(runs, 'metrics.m')).toEqual([
      { key: 'a', share: 0.9 },
      { key: 'b', share: 0.1 },
    ]);
  });
});

describe('tree of files', () => {
  it('has folders first', () => {
    const tree = treeOf([
      { path: 'z.txt', size: 1 },
      { path: 'd/e/f', size: 2 },
      { path: 'd/a', size: 3 },
    ]);
    expect(tree.map((n) => n.path)).toEqual(['d', 'z.txt']);
    expect(tree[0]!.children!.map((n) => n.path)).toEqual(['d/e', 'd/a']);
  });
});
