import { type PlanBuilder, pointerOf, type Value } from '../../plan/builder.ts';
import { numberOf, type Operator } from '../operator.ts';
import { stored } from './convert.ts';
import { variance } from './rolling.ts';
import { checkWindow, rows, windowBefore } from './window-size.ts';

type Output = 'slope' | 'rsquare' | 'residual';

function regression(b: PlanBuilder, x: Value, w: number, expanding: boolean, output: Output): Value {
  return b.fused({
    label: expanding ? 'regression so far' : `regression ${w}`,
    input: stored(b, x, 'f64'),
    output,
    run: (k, n, p, out) => {
      const [slope, rsquare, residual] = [
        pointerOf(out, 'slope'),
        pointerOf(out, 'rsquare'),
        pointerOf(out, 'residual'),
      ];
      if (expanding) k.expandingRegression(p, slope, rsquare, residual, n);
      else k.regression(p, slope, rsquare, residual, n, w);
    },
  });
}

/** `x`, NaN in the rows whose window hardly moves. */
export function withoutFlat(b: PlanBuilder, x: Value, deviation: Value): Value {
  return b.step({
    label: 'drop flat',
    inputs: [x, deviation],
    dtype: 'f64',
    pointwise: true,
    run: (k, n, [p, d], [out]) => k.dropFlat(p!, d!, out!, n),
  });
}

function onIndex(name: string, output: Output): Operator {
  return {
    name,
    parameters: [
      { name: 'feature', kind: 'series' },
      { name: 'N', kind: 'value' },
    ],
    check: (args) => checkWindow(args, { of: name, index: 1 }),
    window: (args, of) => windowBefore(numberOf(args, 1), of(args[0]!)),
    plan: (args, b) => {
      const x = b.series(args[0]);
      const expanding = numberOf(args, 1) === 0;
      const w = rows(args, 1);
      const result = regression(b, x, w, expanding, output);
      return output === 'rsquare' && !expanding
        ? withoutFlat(b, result, variance(b, x, w, 'deviation'))
        : result;
    },
  };
}

/** Regression of a window on its row numbers. */
export const regressionOperators: readonly Operator[] = [
  onIndex('Slope', 'slope'),
  onIndex('Rsquare', 'rsquare'),
  onIndex('Resi', 'residual'),
];
