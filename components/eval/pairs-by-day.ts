import type { Time } from '../core/dates.ts';
import { denseValues, type Panel } from '../core/panel.ts';

/**
 * Scores and labels of one day over the instruments that either has, in order of name; NaN where one is
 * missing.
 */
export interface DayPairs {
  readonly time: Time;
  readonly pred: Float64Array;
  readonly label: Float64Array;
}

/**
 * Joins the first columns of two panels by (time, instrument), as pandas builds a DataFrame from two Series
 * (outer join); days of either.
 */
export function* pairsByDay(pred: Panel, label: Panel): Generator<DayPairs> {
  const names = [...new Set([...pred.index.instruments, ...label.index.instruments])].sort();
  const codeOf = new Map(names.map((name, code) => [name, code]));
  const left = readColumn(pred, codeOf);
  const right = readColumn(label, codeOf);
  const times = Float64Array.from(new Set([...pred.index.times, ...label.index.times])).sort();
  const a = new Float64Array(names.length);
  const b = new Float64Array(names.length);
  const isPresent = new Uint8Array(names.length);
  for (const time of times) {
    a.fill(Number.NaN);
    b.fill(Number.NaN);
    isPresent.fill(0);
    left(time, a, isPresent);
    right(time, b, isPresent);
    const keep = isPresent.reduce((sum, flag) => sum + flag, 0);
    const day = { time, pred: new Float64Array(keep), label: new Float64Array(keep) };
    for (let code = 0, at = 0; code < names.length; code++)
      if (isPresent[code]) {
        day.pred[at] = a[code]!;
        day.label[at++] = b[code]!;
      }
    yield day;
  }
}

/** Reads a panel's first column day by day into a dense row; days must be asked for in order. */
function readColumn({ index, columns }: Panel, codeOf: ReadonlyMap<string, number>) {
  const values = columns[0] ? denseValues(columns[0]) : new Float64Array(index.length);
  const codes = Int32Array.from(index.instruments, (name) => codeOf.get(name)!);
  let t = 0;
  return (time: Time, out: Float64Array, isPresent: Uint8Array): void => {
    while (t < index.times.length && index.times[t]! < time) t++;
    if (index.times[t] !== time) return;
    for (let row = index.offsets[t]!; row < index.offsets[t + 1]!; row++) {
      const code = codes[index.codes[row]!]!;
      out[code] = values[row]!;
      isPresent[code] = 1;
    }
  };
}
