import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { saveCsv } from '../download.ts';
import { Scroll } from './scroll.tsx';

export interface Column<T> {
  readonly name: string;
  readonly isNumber?: boolean;
  /** What is sorted by and exported. */
  value(row: T): unknown;
  show?(row: T): ComponentChildren;
}

interface Props<T> {
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  /** Name of the CSV file; without one there is no export. */
  readonly csv?: string;
  readonly most?: number;
}

/** A table small enough to be whole: sorted by a click on a head, exported as CSV. */
export function SortableTable<T>({ caption, columns, rows, keyOf, csv, most = 500 }: Props<T>) {
  const [sort, setSort] = useState<{ at: number; down: boolean } | null>(null);
  const column = sort ? columns[sort.at] : undefined;
  const sorted = column
    ? [...rows].sort((a, b) => (sort?.down ? -1 : 1) * compare(column.value(a), column.value(b)))
    : rows;
  return (
    <>
      {csv !== undefined && rows.length > 0 && (
        <div class="table-actions">
          <button
            type="button"
            class="small"
            onClick={() =>
              saveCsv(
                csv,
                columns.map((c) => c.name),
                sorted.map((row) => columns.map((c) => c.value(row))),
              )
            }
          >
            CSV
          </button>
        </div>
      )}
      <Scroll class="scroll" label={caption}>
        <table>
          <caption class="hidden">{caption}</caption>
          <thead>
            <tr>
              {columns.map((c, at) => (
                <th
                  key={c.name}
                  scope="col"
                  class={c.isNumber ? 'number' : ''}
                  aria-sort={sort?.at === at ? (sort.down ? 'descending' : 'ascending') : 'none'}
                >
                  <button
                    type="button"
                    class="head"
                    onClick={() => setSort({ at, down: sort?.at === at ? !sort.down : c.isNumber === true })}
                  >
                    {c.name}
                    <span aria-hidden="true">{sort?.at === at ? (sort.down ? ' ↓' : ' ↑') : ''}</span>
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, most).map((row) => (
              <tr key={keyOf(row)}>
                {columns.map((c) => (
                  <td key={c.name} class={c.isNumber ? 'number' : ''}>
                    {c.show ? c.show(row) : String(c.value(row) ?? '')}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {sorted.length > most && <p class="message">{sorted.length - most} more rows are in the CSV file.</p>}
    </>
  );
}

function compare(a: unknown, b: unknown): number {
  const [x, y] = [rank(a), rank(b)];
  if (x !== y) return x - y;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}

const rank = (value: unknown): number =>
  value === null || value === undefined || Number.isNaN(value) ? 2 : typeof value === 'number' ? 0 : 1;
