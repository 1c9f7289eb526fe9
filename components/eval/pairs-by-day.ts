import type { Time } from '../core/dates.ts';
import { denseValues, type Panel, type PanelIndex, type Values } from '../core/panel.ts';

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
  const left = new DayReader(pred, codeOf);
  const right = new DayReader(label, codeOf);
  const times = Float64Array.from(new Set([...pred.index.times, ...label.index.times])).sort();
  for (const time of times) {
    left.go(time);
    right.go(time);
    yield joined(time, left, right);
  }
}

/** Both sides are sorted by name, so that a walk along them finds what they have in common. */
function joined(time: Time, left: DayReader, right: DayReader): DayPairs {
  const most = left.to - left.from + (right.to - right.from);
  const pred = new Float64Array(most);
  const label = new Float64Array(most);
  let count = 0;
  for (let [a, b] = [left.from, right.from]; a < left.to || b < right.to; count++) {
    const ahead = a < left.to ? left.codeAt(a) : Number.POSITIVE_INFINITY;
    const other = b < right.to ? right.codeAt(b) : Number.POSITIVE_INFINITY;
    pred[count] = ahead <= other ? left.values[a++]! : Number.NaN;
    label[count] = other <= ahead ? right.values[b++]! : Number.NaN;
  }
  return { time, pred: pred.subarray(0, count), label: label.subarray(0, count) };
}

/** A panel's first column day by day; days must be asked for in order. */
class DayReader {
  readonly values: Values;
  /** Rows of the day. */
  from = 0;
  to = 0;
  readonly #index: PanelIndex;
  readonly #codes: Int32Array;
  #day = 0;

  constructor({ index, columns }: Panel, codeOf: ReadonlyMap<string, number>) {
    this.values = columns[0] ? denseValues(columns[0]) : new Float64Array(index.length);
    this.#index = index;
    this.#codes = Int32Array.from(index.instruments, (name) => codeOf.get(name)!);
  }

  go(time: Time): void {
    const { times, offsets } = this.#index;
    while (this.#day < times.length && times[this.#day]! < time) this.#day++;
    const isThere = times[this.#day] === time;
    this.from = isThere ? offsets[this.#day]! : 0;
    this.to = isThere ? offsets[this.#day + 1]! : 0;
  }

  codeAt(row: number): number {
    return this.#codes[this.#index.codes[row]!]!;
  }
}
