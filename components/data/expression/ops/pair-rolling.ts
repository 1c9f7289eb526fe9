import type { PlanBuilder, Value } from '../../plan/builder.ts';
import { numberOf, type Operator } from '../operator.ts';
import { finite, promoted, stored } from './convert.ts';
import { widest } from './pair.ts';
import { withoutFlat } from './regression.ts';
import { variance } from './rolling.ts';
import { checkWindow, rows } from './window-size.ts';

/** `x + 0 * y` in their common type: pandas' way to miss a row in both where one misses it. */
function masked(b: PlanBuilder, x: Value, y: Value): Value {
  const as = promoted(x, y) === 'f32' ? 'f32' : 'f64';
  return b.step({
    label: 'masked by',
    inputs: [stored(b, x, as), stored(b, y, as)],
    dtype: as,
    pointwise: true,
    run: (k, n, [p, q], [out]) => {
      const arithmetic = as === 'f32' ? k.arithmetic32 : k.arithmetic64;
      arithmetic('mul', 'vs', q!, 0, 0, out!, n);
      arithmetic('add', 'vv', p!, out!, 0, out!, n);
    },
  });
}

function pairRolling(name: 'Corr' | 'Cov'): Operator {
  const correlation = name === 'Corr';
  return {
    name,
    parameters: [
      { name: 'feature_left', kind: 'series' },
      { name: 'feature_right', kind: 'series' },
      { name: 'N', kind: 'value' },
    ],
    check: (args) => checkWindow(args, { of: name, index: 2 }),
    window: (args, of) => {
      const n = numberOf(args, 2);
      const inner = widest(args.slice(0, 2), of);
      return { left: n === 0 ? Number.NEGATIVE_INFINITY : inner.left + n - 1, right: inner.right };
    },
    plan: (args, b) => {
      const left = b.series(args[0]);
      const right = b.series(args[1]);
      const w = rows(args, 2);
      const x = finite(b, masked(b, left, right));
      const y = finite(b, masked(b, right, left));
      const label = `${name.toLowerCase()} ${w}`;
      if (!correlation)
        return b.step({
          label,
          inputs: [x, y],
          dtype: 'f64',
          run: (k, n, [p, q], [out], work) => k.covariance(p!, q!, out!, n, w, work),
        });
      // The variances of the sides as they are serve where no row is missed in one side only.
      const result = b.step({
        label,
        inputs: [
          x,
          y,
          finite(b, left),
          finite(b, right),
          variance(b, left, w, 'variance'),
          variance(b, right, w, 'variance'),
        ],
        dtype: 'f64',
        run: (k, n, [p, q, l, r, varianceL, varianceR], [out], work, aligned) => {
          k.covariance(p!, q!, out!, n, w, work);
          const varianceOf = (masked: number, whole: number, known: number, spare: number) => {
            if (!aligned && k.equal(masked, whole, n)) return known;
            k.variance(masked, spare, 0, n, w);
            return spare;
          };
          k.normalize(
            out!,
            varianceOf(p!, l!, varianceL!, work),
            varianceOf(q!, r!, varianceR!, work + 8 * n),
            n,
          );
        },
      });
      // qlib drops windows in which either side hardly moves; a window of all rows so far becomes as wide as the series
      const dropped = withoutFlat(b, result, variance(b, left, w, 'deviation'));
      return withoutFlat(b, dropped, variance(b, right, w, 'deviation'));
    },
  };
}

/** Operators over a window of two columns. */
export const pairRollingOperators: readonly Operator[] = [pairRolling('Corr'), pairRolling('Cov')];
