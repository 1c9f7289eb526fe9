import { dayMs } from '../../../core/dates.ts';
import type { Kernels, Pointer } from '../../kernels/kernels.ts';
import { backFill, dayCumulate, dayLast, forwardFill } from '../../kernels/within-day.ts';
import type { PlanBuilder, Value } from '../../plan/builder.ts';
import type { Rows } from '../../plan/step.ts';
import { bytesOf } from '../../plan/step.ts';
import { ArgumentProblem, literal, type Operator, type Parameter } from '../operator.ts';
import { OperatorFailure } from '../user-operator.ts';
import { checkTimes, cumulatedRows } from './day-rows.ts';

/** Where qlib has these operators: `module_path` in `qlib_init.custom_ops`. */
export const highFreqModule = 'qlib.contrib.ops.high_freq';

const feature: Parameter = { name: 'feature', kind: 'series' };

type Column = Float32Array | Float64Array;

function column(kernels: Kernels, small: boolean, pointer: Pointer, n: number): Column {
  return small ? new Float32Array(kernels.buffer, pointer, n) : new Float64Array(kernels.buffer, pointer, n);
}

/** One column made of another of the same type. */
function sameType(
  builder: PlanBuilder,
  x: Value,
  label: string,
  fill: (x: Column, out: Column, rows: Rows) => void,
): Value {
  const small = x.dtype === 'f32';
  return builder.step({
    label,
    inputs: [x],
    dtype: x.dtype,
    run: (k, n, [p], [out], _work, _aligned, rows) =>
      fill(column(k, small, p!, n), column(k, small, out!, n), rows),
  });
}

/** A condition on each row of a column. */
function test(name: string, label: string, isTrue: (x: number) => boolean): Operator {
  return {
    name,
    parameters: [feature],
    window: ([x], of) => of(x!),
    plan: ([arg], builder) => {
      const x = builder.series(arg);
      if (name === 'IsInf' && x.dtype === 'flag')
        throw new ArgumentProblem(0, 'IsInf works on numbers, not on a condition of another row');
      const small = x.dtype === 'f32';
      return builder.step({
        label,
        inputs: [x],
        dtype: 'bool',
        pointwise: true,
        run: (k, n, [p], [out]) => {
          const from = column(k, small, p!, n);
          const to = column(k, false, out!, n);
          for (let i = 0; i < n; i++) to[i] = isTrue(from[i]!) ? 1 : 0;
        },
      });
    },
  };
}

function filled(name: string, label: string, fill: (x: Column, out: Column) => void): Operator {
  return {
    name,
    parameters: [feature],
    window: ([x], of) => of(x!),
    ...(name === 'BFillNan' ? { ahead: () => Number.POSITIVE_INFINITY } : {}),
    plan: ([x], builder) => sameType(builder, builder.series(x), label, fill),
  };
}

/** Days since 1970 of a row. @throws ArgumentProblem inside of P, whose rows are periods */
function onDays(name: string, { rows }: PlanBuilder): (rows: Rows) => (row: number) => number {
  if (rows === 'periods')
    throw new ArgumentProblem(-1, `${name} works on days, not on periods`, `write ${name}(P(...))`);
  return ({ first, times }) =>
    (row) =>
      Math.floor(times[first + row]! / dayMs);
}

/** The most rows of a day that the check for leaks reckons with: those of qlib's Chinese market in minutes. */
const dayRows = 240;

/**
 * qlib's `qlib.contrib.ops.high_freq`, for data of several rows a day. Each works on the rows that are loaded (those asked for and those that the
 * windows around it add), as in qlib: a day of which only a part is loaded ends there for DayLast, and FFillNan knows no value before.
 */
export const highFreqOperators: readonly Operator[] = [
  {
    // from the first row of the day at `start` on: the sum of what is there, NaN where x is NaN; 0 before, and after `end`
    name: 'DayCumsum',
    parameters: [
      feature,
      { name: 'start', kind: 'value', default: { type: 'text', value: '9:30' } },
      { name: 'end', kind: 'value', default: { type: 'text', value: '14:59' } },
      { name: 'data_granularity', kind: 'value', default: { type: 'int', value: 1 } },
    ],
    check: checkTimes,
    window: ([x], of) => of(x!),
    plan: (args, builder) => {
      const x = builder.series(args[0]);
      const dayOf = onDays('DayCumsum', builder);
      const { start, end, length } = cumulatedRows(args);
      const small = x.dtype === 'f32';
      return builder.step({
        label: `day sum ${start} ${end} ${length}`,
        inputs: [x],
        dtype: small ? 'f32' : x.dtype === 'bool' || x.dtype === 'i64' ? 'i64' : 'f64',
        run: (k, n, [p], [out], _work, _aligned, rows) => {
          const odd = dayCumulate(column(k, small, p!, n), column(k, small, out!, n), dayOf(rows), {
            start,
            end,
            length,
          });
          if (odd)
            throw new OperatorFailure(
              'DayCumsum',
              highFreqModule,
              `the rows loaded hold ${odd.rows} of the ${length} of ${new Date(odd.day * dayMs).toISOString().slice(0, 10)}: it needs whole days of ${length} rows, in qlib as well`,
            );
        },
      });
    },
  },
  {
    // the last value of each day that is not NaN, on all of its rows; NaN where there is none
    name: 'DayLast',
    parameters: [feature],
    window: ([x], of) => of(x!),
    ahead: ([x], of) => of(x!) + dayRows - 1,
    plan: ([x], builder) => {
      const dayOf = onDays('DayLast', builder);
      return sameType(builder, builder.series(x), 'day last', (from, to, rows) =>
        dayLast(from, to, dayOf(rows)),
      );
    },
  },
  filled('FFillNan', 'fill forward', forwardFill),
  filled('BFillNan', 'fill backward', backFill),
  test('IsNull', 'is null', Number.isNaN),
  test('IsInf', 'is infinite', (x) => x === Number.POSITIVE_INFINITY || x === Number.NEGATIVE_INFINITY),
  {
    // qlib's is a column of dates, ours of numbers: days since 1970-01-01, which compare alike
    name: 'Date',
    parameters: [feature],
    window: ([x], of) => of(x!),
    plan: ([x], builder) => {
      const dayOf = onDays('Date', builder);
      return builder.step({
        label: 'date',
        inputs: [builder.series(x)],
        dtype: 'i64',
        run: (k, n, _inputs, [out], _work, _aligned, rows) => {
          const to = column(k, false, out!, n);
          const day = dayOf(rows);
          for (let i = 0; i < n; i++) to[i] = day(i);
        },
      });
    },
  },
  {
    name: 'Select',
    parameters: [
      { name: 'feature_left', kind: 'series' },
      { name: 'feature_right', kind: 'series' },
    ],
    check: () => {
      throw new ArgumentProblem(
        -1,
        'Select takes rows away, which columns over the calendar cannot do',
        'an ExpressionDFilter with the condition as rule_expression and keep: false gives the same rows; or write If(condition, x, y)',
      );
    },
    window: (args, of) => of(args[0]!),
    plan: () => {
      throw new Error('its check refuses it');
    },
  },
  {
    // without the first `left` and the last `-right` rows that are loaded, of which there are as many more: rows are lost where the data begin or end
    name: 'Cut',
    parameters: [
      feature,
      { name: 'left', kind: 'value', default: { type: 'none' } },
      { name: 'right', kind: 'value', default: { type: 'none' } },
    ],
    check: (args) => {
      for (const [index, sign] of [
        [1, 1],
        [2, -1],
      ] as const) {
        const value = literal(args, index);
        if (value.type !== 'none' && !(value.type === 'int' && sign * value.value > 0))
          throw new ArgumentProblem(
            index,
            `${index === 1 ? 'left' : 'right'} of Cut must be a whole number ${index === 1 ? 'above' : 'below'} 0, or None`,
          );
      }
    },
    window: (args, of) => {
      const inner = of(args[0]!);
      const { left, right } = trimOf(args);
      return { left: inner.left + left, right: inner.right + right };
    },
    // what is cut off at the end has been loaded for nothing
    ahead: ([x], of) => of(x!),
    plan: (args, builder) => {
      onDays('Cut', builder);
      const x = builder.series(args[0]);
      const trim = trimOf(args);
      return builder.step({
        label: `cut ${trim.left} ${trim.right}`,
        inputs: [x],
        dtype: x.dtype,
        trim,
        run: (k, n, [p], [out]) => {
          const bytes = n * bytesOf(x.dtype);
          new Uint8Array(k.buffer).copyWithin(out!, p!, p! + bytes);
        },
      });
    },
  },
];

function trimOf(args: Parameters<Operator['plan']>[0]): { left: number; right: number } {
  const rows = (index: number) => {
    const value = literal(args, index);
    return value.type === 'int' ? Math.abs(value.value) : 0;
  };
  return { left: rows(1), right: rows(2) };
}
