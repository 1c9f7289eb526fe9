import type { PlanBuilder, Value } from '../../plan/builder.ts';
import { ArgumentProblem, type Operator } from '../operator.ts';
import { stored } from './convert.ts';

function elementWise(name: string, plan: (builder: PlanBuilder, x: Value) => Value): Operator {
  return {
    name,
    parameters: [{ name: 'feature', kind: 'series' }],
    window: ([x], of) => of(x!),
    plan: ([x], builder) => plan(builder, builder.series(x)),
  };
}

/** Operators on each day of one column. */
export const elementOperators: readonly Operator[] = [
  elementWise('Abs', (b, x) => {
    if (x.dtype === 'bool') return x;
    const small = x.dtype === 'f32';
    return b.step({
      label: 'abs',
      inputs: [x],
      dtype: x.dtype,
      pointwise: true,
      run: (k, n, [p], [out]) => (small ? k.absolute32(p!, out!, n) : k.absolute64(p!, out!, n)),
    });
  }),
  // qlib rounds to float32 first.
  elementWise('Sign', (b, x) =>
    b.step({
      label: 'sign',
      inputs: [stored(b, x, 'f32')],
      dtype: 'f32',
      pointwise: true,
      run: (k, n, [p], [out]) => k.sign32(p!, out!, n),
    }),
  ),
  // np.log of a bool column is float16, whose 0 and -inf float32 holds as well.
  elementWise('Log', (b, x) => {
    if (x.dtype === 'f32' || x.dtype === 'bool')
      return b.step({
        label: 'log',
        inputs: [stored(b, x, 'f32')],
        dtype: 'f32',
        pointwise: true,
        run: (k, n, [p], [out]) => k.logarithm32(p!, out!, n),
      });
    return b.step({
      label: 'log',
      inputs: [x],
      dtype: 'f64',
      pointwise: true,
      run: (k, n, [p], [out]) => k.logarithm64(p!, out!, n),
    });
  }),
  elementWise('Not', (b, x) => {
    if (x.dtype !== 'bool')
      throw new ArgumentProblem(0, 'Not works on conditions such as $close > $open, not on numbers');
    return b.step({
      label: 'not',
      inputs: [x],
      dtype: 'bool',
      pointwise: true,
      run: (k, n, [p], [out]) => k.invert(p!, out!, n),
    });
  }),
];
