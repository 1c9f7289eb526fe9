import { parseTime } from '../../components/core/dates.ts';
import type { Cells, DType } from '../../components/core/table.ts';
import { cellsFrom } from './tables.ts';

const integer = /^[+-]?\d{1,18}$/;
const float = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$|^-?inf$|^nan$/i;
const date = /^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?$/;

/** The dtype that all cells of a column fit, as pandas' `read_csv` takes it, and dates beside. Empty cells are missing. */
export function inferCells(texts: readonly string[]): { dtype: DType; values: Cells } {
  const present = texts.filter((t) => t !== '');
  const all = (test: (t: string) => boolean) => present.length > 0 && present.every(test);
  const whole = present.length === texts.length;
  let dtype: DType = 'object';
  if (whole && all((t) => integer.test(t))) dtype = 'int64';
  else if (present.length === 0 || all((t) => float.test(t))) dtype = 'float64';
  else if (whole && all((t) => t === 'True' || t === 'False')) dtype = 'bool';
  else if (all((t) => date.test(t) && parseTime(t) !== undefined)) dtype = 'datetime64[ns]';
  const cell = (i: number): unknown => {
    const text = texts[i]!;
    if (dtype === 'float64') return pythonFloat(text);
    return dtype === 'object' && text === '' ? null : text;
  };
  return { dtype, values: cellsFrom(dtype, texts.length, cell) };
}

function pythonFloat(text: string): number {
  const lower = text.toLowerCase();
  if (lower === '' || lower === 'nan') return Number.NaN;
  if (lower.endsWith('inf'))
    return lower.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(text);
}
