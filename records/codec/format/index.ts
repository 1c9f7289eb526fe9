import type { IndexLevel } from '../../../components/core/table.ts';
import { pythonStr } from '../../pickle/python-repr.ts';
import { formatLabels } from './cells.ts';

/** The label of row `r`; undefined where the code says missing. */
function labelAt({ codes, values }: IndexLevel, r: number): unknown {
  if (!codes) return values[r];
  const code = codes[r]!;
  return code < 0 ? undefined : values[code];
}

/** Texts of the labels of the given rows, a column a level, repeated outer labels left empty. */
export function formatIndex(levels: readonly IndexLevel[], rows: readonly number[]): string[][] {
  const columns = levels.map((level) => {
    const values = rows.map((r) => labelAt(level, r));
    const present = values.filter((v) => v !== undefined);
    const texts = present.length > 0 ? formatLabels(level.dtype, present) : [];
    let next = 0;
    const missing = level.dtype === 'datetime64[ns]' ? 'NaT' : 'NaN';
    return values.map((v) => (v === undefined ? missing : texts[next++]!));
  });
  return levels.length > 1 ? sparsify(columns) : columns;
}

/** Names of the levels, empty where there is none. */
export function levelNames(names: readonly (string | null)[]): string[] {
  return names.map((name) => (name === null ? '' : pythonStr(name)));
}

/** Leaves out what repeats the label above, as long as all labels to its left repeat too; the last level is always shown. */
export function sparsify(columns: readonly (readonly string[])[]): string[][] {
  const last = columns.length - 1;
  const out = columns.map((c) => [...c]);
  const height = columns[0]?.length ?? 0;
  for (let r = 1; r < height; r++)
    for (let k = 0; k < last && columns[k]![r] === columns[k]![r - 1]; k++) out[k]![r] = '';
  return out;
}
