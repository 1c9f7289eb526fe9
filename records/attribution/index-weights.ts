import { parseTime, type Time, upperBound } from '../../components/core/dates.ts';
import { UserError } from '../../components/core/errors.ts';
import type { SeriesTable, Table } from '../../components/core/table.ts';

/** Weights of an index's members in effect on a day: those published last, on that day or before. */
export type IndexWeights = (time: Time) => ReadonlyMap<string, number>;

const needed = ['code', 'date', 'weight'] as const;

/**
 * Reads a table as qlib's `brinson_pa` takes it (columns code, date, weight and, where a file holds several indices, index): a row a member
 * and day; `bench` picks the rows of one index.
 * @throws UserError where a column, or every row of the index, is missing
 */
export function readIndexWeights(
  table: Table | SeriesTable,
  bench: string | undefined,
  file: string,
): IndexWeights {
  const columns = cellsByName(table);
  const missing = needed.find((name) => !columns.has(name));
  if (missing !== undefined)
    throw new UserError(`"${file}" has the columns ${[...columns.keys()].join(', ')}`, {
      hint: 'code, date and weight are needed, and index where there are several',
      path: ['bench_weights'],
    });
  const [codes, dates, weights] = needed.map((name) => columns.get(name)!) as [Cells, Cells, Cells];
  const indices = columns.get('index');
  const byDay = new Map<Time, Map<string, number>>();
  for (let row = 0; row < codes.length; row++) {
    if (indices && bench !== undefined && String(indices[row]) !== bench) continue;
    const given = dates[row];
    const time = typeof given === 'number' ? given : parseTime(String(given));
    if (time === undefined || Number.isNaN(time))
      throw new UserError(`"${file}": "${String(given)}" is no date`, { path: ['bench_weights'] });
    const day = byDay.get(time) ?? new Map<string, number>();
    byDay.set(time, day.set(String(codes[row]), Number(weights[row])));
  }
  if (byDay.size === 0)
    throw new UserError(`"${file}" has no weights of ${bench ?? 'any index'}`, {
      hint: indices
        ? `it has ${[...new Set(Array.from(indices, String))].sort().join(', ')}: bench names one of them`
        : 'it is empty',
      path: ['bench'],
    });
  const days = Float64Array.from(byDay.keys()).sort();
  return (time) => byDay.get(days[upperBound(days, time) - 1] ?? Number.NaN) ?? new Map();
}

type Cells = ArrayLike<unknown>;

function cellsByName(table: Table | SeriesTable): Map<string, Cells> {
  const out = new Map<string, Cells>();
  for (const { name, values, codes } of table.index)
    if (name !== null) out.set(name, codes ? Array.from(codes, (c) => values[c]) : values);
  if (table.kind === 'frame') for (const { label, values } of table.columns) out.set(String(label), values);
  return out;
}
