import type { SeriesTable, Table } from '../../../components/core/table.ts';
import { isTable } from '../../codec/tables.ts';
import type { RunWork } from '../../template/run-work.ts';
import type { Recorder } from '../../tracking/recorder.ts';

/** Paths of all artifacts in the run's root and the two folders of qlib's records. */
export async function artifactNames(recorder: Recorder): Promise<ReadonlySet<string>> {
  const root = await recorder.listArtifacts();
  const folders = ['portfolio_analysis', 'sig_analysis'].filter((folder) => root.includes(folder));
  const inside = await Promise.all(folders.map((folder) => recorder.listArtifacts(folder)));
  return new Set([...root, ...inside.flat()]);
}

/** An artifact that is a table, as it was saved if that is known; undefined where it is something else. */
export async function loadTable(
  recorder: Recorder,
  name: string,
  work?: RunWork,
): Promise<Table | SeriesTable | undefined> {
  const value = (await work?.kept(name)) ?? (await recorder.loadObject(name));
  return isTable(value) ? value : undefined;
}

/** Times of a table whose first level of index is dates; undefined where it is not. */
export function timesOf({ index }: Table | SeriesTable): Float64Array | undefined {
  const [level] = index;
  if (level?.dtype !== 'datetime64[ns]') return undefined;
  const { codes, values } = level;
  return codes
    ? Float64Array.from(codes, (c) => Number(values[c]))
    : Float64Array.from(values as ArrayLike<number>);
}

/** A column as numbers; NaN throughout where the table has none of that name. */
export function columnOf(table: Table, label: string, count: number): Float64Array {
  const column = table.columns.find((c) => c.label === label);
  return column
    ? Float64Array.from(column.values as ArrayLike<unknown>, Number)
    : new Float64Array(count).fill(Number.NaN);
}
