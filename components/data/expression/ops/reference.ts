import type { PlanBuilder, Value } from '../../plan/builder.ts';
import type { Operator } from '../operator.ts';
import { numberOf } from '../operator.ts';
import { arithmeticStep } from './pair.ts';
import { checkWindow, windowBefore } from './window-size.ts';

/** Value `n` rows before (0: the first row that is loaded), NaN where there is none. A shifted condition may be missing. */
function shifted(builder: PlanBuilder, x: Value, n: number): Value {
  const small = x.dtype === 'f32';
  if (n === 0)
    return builder.step({
      label: 'first',
      inputs: [x],
      dtype: x.dtype,
      run: (k, rows, [p], [out]) => (small ? k.first32(p!, out!, rows) : k.first64(p!, out!, rows)),
    });
  const dtype = x.dtype === 'bool' ? 'flag' : x.dtype === 'i64' ? 'f64' : x.dtype;
  return builder.step({
    label: `shift ${n}`,
    inputs: [x],
    dtype,
    run: (k, rows, [p], [out]) => (small ? k.shift32(p!, out!, rows, n) : k.shift64(p!, out!, rows, n)),
  });
}

/** Operators that look at another day. */
export const referenceOperators: readonly Operator[] = [
  {
    name: 'Ref',
    parameters: [
      { name: 'feature', kind: 'series' },
      { name: 'N', kind: 'value' },
    ],
    check: (args) => checkWindow(args, { of: 'Ref', index: 1, negative: true }),
    window: (args, of) => {
      const inner = of(args[0]!);
      const n = numberOf(args, 1);
      return { left: Math.max(inner.left + n, inner.left), right: Math.max(inner.right - n, inner.right) };
    },
    ahead: (args, of) => of(args[0]!) - numberOf(args, 1),
    plan: (args, builder) => shifted(builder, builder.series(args[0]), numberOf(args, 1)),
  },
  {
    name: 'Delta',
    parameters: [
      { name: 'feature', kind: 'series' },
      { name: 'N', kind: 'value' },
    ],
    check: (args) => checkWindow(args, { of: 'Delta', index: 1, negative: true }),
    // One day less than it needs, as in qlib: the first row asked for may be NaN.
    window: (args, of) => windowBefore(numberOf(args, 1), of(args[0]!)),
    plan: (args, builder) => {
      const x = builder.series(args[0]);
      const before = shifted(builder, x, numberOf(args, 1));
      return arithmeticStep(builder, 'sub', x, before);
    },
  },
];
