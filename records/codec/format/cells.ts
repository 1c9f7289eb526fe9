import { dayMs } from '../../../components/core/dates.ts';
import { PyDate, PyDateTime, PyFloat, PyTimestamp } from '../../../components/core/python.ts';
import type { DType } from '../../../components/core/table.ts';
import { dateStr, floatRepr, pythonRepr } from '../../pickle/python-repr.ts';
import { fixed, formatFloats, trimZeros } from './numbers.ts';

/**
 * The cells of one column as pandas shows them, a space before what is no date (frames and series leave it for a sign).
 * `exact`: floats in the shortest form that reads back the same, not rounded to six decimals.
 */
export function formatCells(dtype: DType, values: readonly unknown[], exact = false): string[] {
  if (exact && dtype.startsWith('float')) return (values as readonly number[]).map(exactFloat);
  switch (dtype) {
    case 'float64':
    case 'float32':
      return formatFloats(values as readonly number[]);
    case 'int64':
    case 'int32':
      return values.map((x) => (Number(x) < 0 ? `${x}` : ` ${x}`));
    case 'bool':
      return values.map((x) => (x ? ' True' : ' False'));
    case 'datetime64[ns]':
      return formatTimes(values as readonly number[]);
    case 'object':
      return values.map((x) =>
        isFloat(x) ? (trimZeros([fixed(numberOf(x), 6)])[0] ?? '') : ` ${objectText(x)}`,
      );
  }
}

function exactFloat(x: number): string {
  if (Number.isNaN(x)) return 'NaN';
  const text = floatRepr(x);
  return text.startsWith('-') ? text : ` ${text}`;
}

/** Labels of one index level: as cells, without the space that all of them begin with. */
export function formatLabels(dtype: DType, values: readonly unknown[]): string[] {
  const texts = formatCells(dtype, values).map((t) => (t === 'NaN' ? ' NaN' : t));
  const lead = Math.min(...texts.map((t) => t.length - t.trimStart().length));
  return lead > 0 ? texts.map((t) => t.slice(lead)) : texts;
}

/** Dates without the time of day where all of them are midnights. */
function formatTimes(times: readonly number[]): string[] {
  const daily = times.every((t) => Number.isNaN(t) || t % dayMs === 0);
  return times.map((t) => {
    if (Number.isNaN(t)) return 'NaT';
    const iso = new Date(t).toISOString();
    if (daily) return iso.slice(0, 10);
    const fraction = t % 1000 === 0 ? '' : iso.slice(19, 23);
    return `${iso.slice(0, 10)} ${iso.slice(11, 19)}${fraction}`;
  });
}

function isFloat(x: unknown): boolean {
  return x instanceof PyFloat || (typeof x === 'number' && !Number.isInteger(x) && !Number.isNaN(x));
}

function numberOf(x: unknown): number {
  return x instanceof PyFloat ? x.value : Number(x);
}

/** A Python object inside a table: strings bare, with their line breaks escaped. */
function objectText(x: unknown): string {
  if (typeof x === 'string')
    return x.replace(/[\t\r\n]/g, (c) => (c === '\t' ? '\\t' : c === '\r' ? '\\r' : '\\n'));
  if (Number.isNaN(x)) return 'NaN';
  if (x instanceof PyTimestamp) return Number.isNaN(x.time) ? 'NaT' : pythonRepr(x).slice(11, -2);
  if (x instanceof PyDate || x instanceof PyDateTime) return dateStr(x);
  return pythonRepr(x);
}
