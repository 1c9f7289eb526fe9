import { rowCount, type SeriesTable } from '../../../components/core/table.ts';
import { pythonStr } from '../../pickle/python-repr.ts';
import { formatCells } from './cells.ts';
import { cutRows, type FormatOptions } from './format-table.ts';
import { formatIndex, levelNames } from './index.ts';
import { adjoin, fixedWidth, justify, width } from './text.ts';

/** A Series as pandas prints it: labels, values, a footer with name, length (where rows are left out) and dtype. */
export function formatSeries(
  series: SeriesTable,
  { maxRows = 60, minRows = 10, exact = false }: FormatOptions = {},
): string {
  const { index, dtype, values, name } = series;
  const count = rowCount(series);
  const footer = `${name === null ? '' : `Name: ${nameText(name)}, `}`;
  if (count === 0) return `Series([], ${footer}dtype: ${dtype})`;
  const { rows, cut } = cutRows(count, maxRows, minRows);
  const names = levelNames(index.map((level) => level.name));
  const columns = formatIndex(index, rows).map((texts, k) => [names[k]!, ...texts]);
  const labels = columns.length === 1 ? columns[0]! : adjoin(2, columns);
  const cells = fixedWidth(
    formatCells(
      dtype,
      rows.map((r) => values[r]),
      exact,
    ),
    'right',
  );
  if (cut !== null) {
    const room = width(cells[cut - 1]!);
    cells.splice(cut, 0, justify(room > 3 ? '...' : '..', room, 'center'));
    labels.splice(cut + 1, 0, '');
  }
  const body = adjoin(3, [labels.slice(1), cells]);
  const header = index.some((level) => level.name !== null) ? [labels[0]!] : [];
  const length = cut === null ? '' : `Length: ${count}, `;
  return [...header, ...body, `${footer}${length}dtype: ${dtype}`].join('\n');
}

function nameText(name: SeriesTable['name']): string {
  // pandas prints the parts of a name without quotes
  return Array.isArray(name) ? `(${name.map(pythonStr).join(', ')})` : pythonStr(name);
}
