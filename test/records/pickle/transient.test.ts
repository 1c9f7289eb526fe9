import { describe, expect, it } from 'vitest';
import { PyFloat, PyObject, PyTimestamp } from '../../../components/core/python.ts';
import { NumpyArray, Transient } from '../../../records/pickle/values.ts';
import { writePickle } from '../../../records/pickle/writer.ts';

const step = (i: number) => {
  const index = new NumpyArray([2], 'object', ['A', 'B']);
  const state = new Map<string, unknown>([
    ['value', new PyFloat(i)],
    ['index', index],
    ['same', index],
    ['list', [1, 'A', null]],
  ]);
  return new PyObject('pkg.mod', 'Step', state);
};

describe('Transient', () => {
  it('is written as what it makes, objects of its own shared, later references as without it', () => {
    const last = step(3);
    const days = [0, 1, 2].map((i) => new PyTimestamp(i * 86_400_000));
    const tree = (wrap: (i: number) => unknown) =>
      new Map<string, unknown>([
        ['steps', new Map<unknown, unknown>(days.map((day, i) => [day, wrap(i)]))],
        ['last', last],
        ['again', last],
      ]);
    const plain = writePickle(tree(step));
    const made: number[] = [];
    const lazily = tree(
      (i) =>
        new Transient(() => {
          made.push(i);
          return step(i);
        }),
    );
    expect(made).toEqual([]);
    expect(Buffer.from(writePickle(lazily)).equals(Buffer.from(plain))).toBe(true);
    expect(made).toEqual([0, 1, 2]);
  });
});
