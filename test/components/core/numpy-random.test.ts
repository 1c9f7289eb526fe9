import { describe, expect, it } from 'vitest';
import { cut } from '../../../components/core/cut.ts';
import { NumpyRandom } from '../../../components/core/numpy-random.ts';
import { pythonSetOrder } from '../../../components/core/python-set.ts';

describe('NumpyRandom draws as numpy.random', () => {
  it('shuffles', () => {
    // numpy.random.seed(3); numpy.random.permutation(numpy.arange(10.0))
    const items = Float64Array.from({ length: 10 }, (_, i) => i);
    new NumpyRandom(3).shuffle(items);
    expect([...items]).toEqual([5, 4, 1, 2, 9, 6, 7, 0, 3, 8]);
  });
  it('chooses', () => {
    // numpy.random.seed(0); numpy.random.choice(list("abcdefg"), size=3, replace=False)
    expect(new NumpyRandom(0).choice([...'abcdefg'], 3)).toEqual(['g', 'c', 'b']);
  });
});

it('orders strings as a set of Python does', () => {
  // PYTHONHASHSEED=0 python -c 'print(list(set(["F%d" % i for i in range(40)] + ["", "a longer name", "F3"])))'
  const items = Array.from({ length: 40 }, (_, i) => `F${i}`);
  expect(pythonSetOrder([...items, '', 'a longer name', 'F3'])).toEqual([
    '',
    'F16',
    'F9',
    'F11',
    'F15',
    'F33',
    'F12',
    'F28',
    'F35',
    'F2',
    'F5',
    'F4',
    'F10',
    'F31',
    'F0',
    'F21',
    'F32',
    'F24',
    'F34',
    'F17',
    'F22',
    'F37',
    'a longer name',
    'F29',
    'F1',
    'F38',
    'F13',
    'F39',
    'F7',
    'F27',
    'F8',
    'F20',
    'F19',
    'F6',
    'F3',
    'F25',
    'F26',
    'F18',
    'F30',
    'F23',
    'F14',
    'F36',
  ]);
});

it('cuts as pandas does', () => {
  // pandas.cut([0.1, 0.5, 0.30000000000000004, numpy.nan, 1.1, 0.2], 5).codes and pandas.cut([2, 2], 3).codes
  expect([...cut([0.1, 0.5, 0.30000000000000004, Number.NaN, 1.1, 0.2], 5)]).toEqual([0, 1, 0, -1, 4, 0]);
  expect([...cut([2, 2], 3)]).toEqual([1, 1]);
});
