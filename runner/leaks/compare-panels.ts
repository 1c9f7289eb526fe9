import { type Time, upperBound } from '../../components/core/dates.ts';
import type { Panel, PanelIndex } from '../../components/core/panel.ts';
import { type Difference, distance, sizeOf } from './difference.ts';

/** Values of the days until `until` that the two panels do not share, one difference a column; rows that only one has come first. */
export function comparePanels(part: string, whole: Panel, cut: Panel, until: Time): Difference[] {
  const { pairs, odd } = pairRows(whole.index, cut.index, until);
  const found: Difference[] = [];
  if (odd)
    found.push({
      ...{ part, column: 'rows', count: odd.count, time: odd.time, instrument: odd.instrument },
      whole: odd.isCut ? 'no row' : 'a row',
      cut: odd.isCut ? 'a row' : 'no row',
    });
  const known = new Map(cut.columns.map((c) => [`${c.group}\0${c.name}`, c]));
  for (const column of whole.columns) {
    const other = known.get(`${column.group}\0${column.name}`);
    if (!other) continue;
    let count = 0;
    let worst = 0;
    let worstAt = -1;
    for (let i = 0; i < pairs.length; i += 2) {
      const a = column.values[column.rows ? column.rows[pairs[i]!]! : pairs[i]!]!;
      const b = other.values[other.rows ? other.rows[pairs[i + 1]!]! : pairs[i + 1]!]!;
      if (a === b) continue;
      if (distance(a, b) === 0) continue;
      count++;
      const size = sizeOf(a, b);
      if (size > worst) [worst, worstAt] = [size, i];
    }
    if (count === 0) continue;
    const [row, otherRow] = [pairs[worstAt]!, pairs[worstAt + 1]!];
    found.push({
      ...{ part, column: column.name, count },
      time: whole.index.times[upperBound(whole.index.offsets, row) - 1]!,
      instrument: whole.index.instruments[whole.index.codes[row]!]!,
      whole: column.values[column.rows ? column.rows[row]! : row]!,
      cut: other.values[other.rows ? other.rows[otherRow]! : otherRow]!,
    });
  }
  return found;
}

interface OddRows {
  count: number;
  readonly time: Time;
  readonly instrument: string;
  /** Whether it is the cut data that has the row. */
  readonly isCut: boolean;
}

/** Row numbers of both panels, one pair after the other, for the rows that both have. */
function pairRows(
  a: PanelIndex,
  b: PanelIndex,
  until: Time,
): { pairs: Uint32Array; odd: OddRows | undefined } {
  const pairs = new Uint32Array(2 * Math.min(a.length, b.length));
  let length = 0;
  let odd: OddRows | undefined;
  const isOdd = (index: PanelIndex, t: number, row: number) => {
    if (odd) odd.count++;
    else
      odd = {
        count: 1,
        time: index.times[t]!,
        instrument: index.instruments[index.codes[row]!]!,
        isCut: index === b,
      };
  };
  const all = (index: PanelIndex, t: number) => {
    for (let row = index.offsets[t]!; row < index.offsets[t + 1]!; row++) isOdd(index, t, row);
  };
  const name = (index: PanelIndex, row: number) => index.instruments[index.codes[row]!]!;
  const isIn = (index: PanelIndex, t: number) => t < index.times.length && index.times[t]! <= until;
  let s = 0;
  let t = 0;
  while (isIn(a, s) || isIn(b, t)) {
    if (!isIn(b, t) || (isIn(a, s) && a.times[s]! < b.times[t]!)) all(a, s++);
    else if (!isIn(a, s) || a.times[s]! > b.times[t]!) all(b, t++);
    else {
      let [i, k] = [a.offsets[s]!, b.offsets[t]!];
      const [iEnd, kEnd] = [a.offsets[s + 1]!, b.offsets[t + 1]!];
      while (i < iEnd || k < kEnd) {
        const [x, y] = [i < iEnd ? name(a, i) : undefined, k < kEnd ? name(b, k) : undefined];
        if (x === y) {
          pairs[length++] = i++;
          pairs[length++] = k++;
        } else if (y === undefined || (x !== undefined && x < y)) isOdd(a, s, i++);
        else isOdd(b, t, k++);
      }
      s++;
      t++;
    }
  }
  return { pairs: pairs.subarray(0, length), odd };
}
