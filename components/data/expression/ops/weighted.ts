import type { PlanBuilder, Value } from '../../plan/builder.ts';
import { numberOf, type Operator } from '../operator.ts';
import { finite } from './convert.ts';
import { exponential } from './rolling.ts';
import { checkWindow, rows, windowBefore } from './window-size.ts';

const parameters = [
  { name: 'feature', kind: 'series' },
  { name: 'N', kind: 'value' },
] as const;

function applied(name: string, kernel: 'mad' | 'wma'): Operator {
  return {
    name,
    parameters,
    check: (args) => checkWindow(args, { of: name, index: 1 }),
    window: (args, of) => windowBefore(numberOf(args, 1), of(args[0]!)),
    plan: (args, b) => {
      const w = rows(args, 1);
      return b.step({
        label: `${kernel} ${w}`,
        inputs: [finite(b, b.series(args[0]))],
        dtype: 'f64',
        run: (k, n, [p], [out], work) => k[kernel](p!, out!, n, w, work),
      });
    },
  };
}

function ema(b: PlanBuilder, x: Value, n: number): Value {
  if (n > 0 && n < 1) return exponential(b, x, n);
  return b.step({
    label: `ema ${n}`,
    inputs: [finite(b, x)],
    dtype: 'f64',
    run: (k, rows, [p], [out], work) =>
      n === 0 ? k.expandingEma(p!, out!, rows, work) : k.spanMean(p!, out!, rows, n),
  });
}

/** Weighted means, and the mean distance from the mean. */
export const weightedOperators: readonly Operator[] = [
  applied('Mad', 'mad'),
  applied('WMA', 'wma'),
  {
    name: 'EMA',
    parameters,
    check: (args) => checkWindow(args, { of: 'EMA', index: 1, fraction: true }),
    window: (args, of) => windowBefore(numberOf(args, 1), of(args[0]!)),
    plan: (args, b) => ema(b, b.series(args[0]), numberOf(args, 1)),
  },
];
