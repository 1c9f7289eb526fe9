import { ArgumentProblem, type Operator } from '../operator.ts';
import { noWindow } from '../tree.ts';

function never(): never {
  throw new Error('the parser turns it into a field');
}

/** Names that the language knows although nothing can be computed with them, or the parser handles them itself. */
export const otherOperators: readonly Operator[] = [
  {
    name: 'Feature',
    parameters: [{ name: 'name', kind: 'value', default: { type: 'none' } }],
    window: () => noWindow,
    plan: never,
  },
  {
    name: 'PFeature',
    parameters: [{ name: 'name', kind: 'value', default: { type: 'none' } }],
    window: () => noWindow,
    plan: never,
  },
  {
    name: 'TResample',
    parameters: [
      { name: 'feature', kind: 'series' },
      { name: 'freq', kind: 'value' },
      { name: 'func', kind: 'value' },
    ],
    check: () => {
      throw new ArgumentProblem(
        -1,
        'TResample does not work on calendar data, in qlib neither',
        'use a window such as Mean(x, 5), or data of another frequency',
      );
    },
    window: () => noWindow,
    plan: never,
  },
];
