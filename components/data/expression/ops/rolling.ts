import { nearest } from '../../../core/nearest.ts';
import { type PlanBuilder, pointerOf, type Value } from '../../plan/builder.ts';
import { ArgumentProblem, numberOf, type Operator, textOf } from '../operator.ts';
import { finite, stored } from './convert.ts';
import { checkWindow, rows, type WindowRule, windowBefore } from './window-size.ts';

const parameters = [
  { name: 'feature', kind: 'series' },
  { name: 'N', kind: 'value' },
] as const;

/** Steps of pandas' window methods on the prepared column. Variance and deviation come from one pass, as do all that sort the window. */
export const methods: Readonly<Record<string, (builder: PlanBuilder, x: Value, w: number) => Value>> = {
  mean: (b, x, w) => windowStep(b, 'mean', finite(b, x), w),
  sum: (b, x, w) => windowStep(b, 'sum', finite(b, x), w),
  count: (b, x, w) => windowStep(b, 'count', stored(b, x, 'f64'), w),
  skew: (b, x, w) => shape(b, x, w, 3),
  kurt: (b, x, w) => shape(b, x, w, 4),
  var: (b, x, w) => variance(b, x, w, 'variance'),
  std: (b, x, w) => variance(b, x, w, 'deviation'),
  max: (b, x, w) => extreme(b, x, w, true, 'value'),
  min: (b, x, w) => extreme(b, x, w, false, 'value'),
  median: (b, x, w) => sorted(b, x, w, 'median'),
  rank: (b, x, w) => sorted(b, x, w, 'rank'),
  sem: (b, x, w) => standardError(b, x, w),
};

function windowStep(b: PlanBuilder, kernel: 'mean' | 'sum' | 'count', x: Value, w: number): Value {
  return b.step({
    label: `${kernel} ${w}`,
    inputs: [x],
    dtype: 'f64',
    run: (k, n, [p], [out]) => k[kernel](p!, out!, n, w),
  });
}

function shape(b: PlanBuilder, x: Value, w: number, powers: 3 | 4): Value {
  return b.step({
    label: `${powers === 3 ? 'skew' : 'kurt'} ${w}`,
    inputs: [finite(b, x)],
    dtype: 'f64',
    run: (k, n, [p], [out]) => k.shape(p!, out!, n, w, powers),
  });
}

export function variance(b: PlanBuilder, x: Value, w: number, output: 'variance' | 'deviation'): Value {
  return b.fused({
    label: `variance ${w}`,
    input: finite(b, x),
    output,
    varianceOver: w,
    run: (k, n, p, out) => k.variance(p, pointerOf(out, 'variance'), pointerOf(out, 'deviation'), n, w),
  });
}

function extreme(b: PlanBuilder, x: Value, w: number, largest: boolean, output: 'value' | 'place'): Value {
  return b.fused({
    label: `${largest ? 'max' : 'min'} ${w}`,
    input: finite(b, x),
    output,
    run: (k, n, p, out, work) =>
      k.extreme(largest, p, pointerOf(out, 'value'), pointerOf(out, 'place'), n, w, work),
  });
}

/** `output`: `rank`, `rankShare`, `median` or `quantile 0.8`. */
function sorted(b: PlanBuilder, x: Value, w: number, output: string): Value {
  return b.fused({
    label: `sorted ${w}`,
    input: finite(b, x),
    output,
    run: (k, n, p, out, work) => {
      const cells = new Float64Array(k.buffer, work, 2 * out.names.length);
      let quantiles = 0;
      out.names.forEach((name, i) => {
        if (!name.startsWith('quantile ')) return;
        cells[2 * quantiles] = Number(name.slice('quantile '.length));
        cells[2 * quantiles + 1] = out.pointers[i]!;
        quantiles++;
      });
      k.sorted(
        p,
        pointerOf(out, 'rank'),
        pointerOf(out, 'rankShare'),
        pointerOf(out, 'median'),
        quantiles,
        n,
        w,
        work,
      );
    },
  });
}

/** pandas' `sem`: the deviation over the root of the count less one. */
function standardError(b: PlanBuilder, x: Value, w: number): Value {
  return b.step({
    label: 'standard error',
    inputs: [methods['std']!(b, x, w), methods['count']!(b, x, w)],
    dtype: 'f64',
    run: (k, n, [deviation, count], [out]) => {
      k.arithmetic64('sub', 'vs', count!, 0, 1, out!, n);
      k.arithmetic64('pow', 'vs', out!, 0, 0.5, out!, n);
      k.arithmetic64('div', 'vv', deviation!, out!, 0, out!, n);
    },
  });
}

/** A window operator; a fraction as window makes those that allow it an exponentially weighted mean, whatever their name (qlib). */
function rolling(
  name: string,
  rule: Partial<WindowRule>,
  plan: (b: PlanBuilder, x: Value, w: number) => Value,
): Operator {
  return {
    name,
    parameters,
    check: (args) => checkWindow(args, { of: name, index: 1, ...rule }),
    window: (args, of) => windowBefore(numberOf(args, 1), of(args[0]!)),
    plan: (args, b) => {
      const x = b.series(args[0]);
      const n = numberOf(args, 1);
      return n > 0 && n < 1 ? exponential(b, x, n) : plan(b, x, rows(args, 1));
    },
  };
}

export function exponential(b: PlanBuilder, x: Value, alpha: number): Value {
  return b.step({
    label: `ewm ${alpha}`,
    inputs: [finite(b, x)],
    dtype: 'f64',
    run: (k, n, [p], [out]) => k.exponentialMean(p!, out!, n, alpha),
  });
}

const fraction = { fraction: true };

/** Operators over a window of one column. */
export const rollingOperators: readonly Operator[] = [
  rolling('Mean', fraction, methods['mean']!),
  rolling('Sum', fraction, methods['sum']!),
  rolling('Std', fraction, methods['std']!),
  rolling('Var', fraction, methods['var']!),
  rolling('Skew', { least: 3 }, methods['skew']!),
  rolling('Kurt', { least: 4 }, methods['kurt']!),
  rolling('Max', fraction, methods['max']!),
  rolling('Min', fraction, methods['min']!),
  rolling('Med', fraction, methods['median']!),
  rolling('Count', fraction, methods['count']!),
  rolling('Rank', {}, (b, x, w) => sorted(b, x, w, 'rankShare')),
  rolling('IdxMax', {}, (b, x, w) => extreme(b, x, w, true, 'place')),
  rolling('IdxMin', {}, (b, x, w) => extreme(b, x, w, false, 'place')),
  {
    name: 'Quantile',
    parameters: [...parameters, { name: 'qscore', kind: 'value' }],
    check: (args) => {
      checkWindow(args, { of: 'Quantile', index: 1 });
      const q = numberOf(args, 2);
      if (!(q >= 0 && q <= 1))
        throw new ArgumentProblem(2, 'qscore of Quantile must be a number between 0 and 1');
    },
    window: (args, of) => windowBefore(numberOf(args, 1), of(args[0]!)),
    plan: (args, b) => {
      const x = b.series(args[0]);
      const q = numberOf(args, 2);
      const w = rows(args, 1);
      // pandas takes the extremes themselves
      if (q === 0 || q === 1) return extreme(b, x, w, q === 1, 'value');
      return sorted(b, x, w, `quantile ${q}`);
    },
  },
  {
    name: 'Rolling',
    parameters: [...parameters, { name: 'func', kind: 'value' }],
    check: (args) => {
      checkWindow(args, { of: 'Rolling', index: 1, fraction: true });
      const func = textOf(args, 2);
      if (Object.hasOwn(methods, func)) return;
      const near = nearest(func, Object.keys(methods));
      throw new ArgumentProblem(
        2,
        `unknown window method "${func}"`,
        `${near ? `did you mean ${near}? ` : ''}allowed: ${Object.keys(methods).sort().join(', ')}`,
      );
    },
    window: (args, of) => windowBefore(numberOf(args, 1), of(args[0]!)),
    text: (args, of) => `Rolling(${of(args[0]!)},${of(args[1]!)})`,
    plan: (args, b) => {
      const n = numberOf(args, 1);
      const x = b.series(args[0]);
      return n > 0 && n < 1 ? exponential(b, x, n) : methods[textOf(args, 2)]!(b, x, rows(args, 1));
    },
  },
];
