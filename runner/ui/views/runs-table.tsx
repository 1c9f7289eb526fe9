import { useEffect, useRef, useState } from 'preact/hooks';
import { Status } from '../parts/basics.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { linkTo } from '../router.ts';
import type { RunRow } from '../types.ts';
import type { RunColumn } from './columns.ts';
import type { RunPages } from './run-pages.ts';

const rowHeight = 36;
const spare = 12;
const sweepTag = 'qrun.sweep.id';

interface Props {
  readonly pages: RunPages;
  readonly columns: readonly RunColumn[];
  readonly sort: string;
  readonly isGrouped: boolean;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (selected: ReadonlySet<string>) => void;
  readonly onSort: (order: string) => void;
}

/** Only the rows in sight are in the document, however many there are. */
export function RunsTable({ pages, columns, sort, isGrouped, selected, onSelect, onSort }: Props) {
  const box = useRef<HTMLElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const watch = new ResizeObserver(() => setHeight(element.clientHeight));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  const from = Math.max(0, Math.floor(top / rowHeight) - spare);
  const to = Math.min(pages.total, Math.ceil((top + height) / rowHeight) + spare);
  useEffect(() => pages.want(from, to), [from, to, pages.want]);
  useEffect(() => {
    if (box.current) box.current.scrollTop = 0;
  }, [pages.key]);
  const toggle = (id: string) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  };
  const groups = isGrouped ? groupsOf(pages.rows) : null;
  const count = columns.length + 2;
  return (
    <Scroll box={box} class="scroll virtual" label="Runs" onScroll={setTop}>
      <table aria-rowcount={pages.isOpen ? -1 : pages.total + 1}>
        <caption class="hidden">Runs</caption>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" class="tick">
              <span class="hidden">Selected</span>
            </th>
            <Head name="Name" order="attributes.run_name" isNumber={false} sort={sort} onSort={onSort} />
            {columns.map((c) => (
              <Head
                key={c.key}
                name={c.name}
                title={c.key}
                order={c.order}
                isNumber={c.isNumber}
                sort={sort}
                onSort={onSort}
              />
            ))}
          </tr>
        </thead>
        {groups ? (
          groups.map(([sweep, rows]) => (
            <tbody key={sweep}>
              <tr class="group">
                <th colSpan={count} scope="rowgroup">
                  {sweep === '' ? (
                    'Without a sweep'
                  ) : (
                    <a href={linkTo(['sweeps', sweep])}>Sweep {rows[0]?.tags['qrun.sweep.name'] ?? sweep}</a>
                  )}{' '}
                  <span class="muted">{rows.length} runs</span>
                </th>
              </tr>
              {rows.map((run) => (
                <Row
                  key={run.id}
                  run={run}
                  columns={columns}
                  isSelected={selected.has(run.id)}
                  onToggle={toggle}
                />
              ))}
            </tbody>
          ))
        ) : (
          <tbody>
            {from > 0 && <Gap height={from * rowHeight} />}
            {Array.from({ length: Math.max(0, to - from) }, (_, i) => {
              const run = pages.rowAt(from + i);
              return run ? (
                <Row
                  key={run.id}
                  run={run}
                  at={from + i + 2}
                  columns={columns}
                  isSelected={selected.has(run.id)}
                  onToggle={toggle}
                />
              ) : (
                <tr key={`wait ${from + i}`} class="wait" style={{ height: `${rowHeight}px` }}>
                  <td colSpan={count}>…</td>
                </tr>
              );
            })}
            {to < pages.total && <Gap height={(pages.total - to) * rowHeight} />}
          </tbody>
        )}
      </table>
    </Scroll>
  );
}

function Head({
  name,
  title,
  order,
  isNumber,
  sort,
  onSort,
}: {
  name: string;
  title?: string;
  order: string | null;
  isNumber: boolean;
  sort: string;
  onSort: (order: string) => void;
}) {
  const isSorted = order !== null && sort.startsWith(`${order} `);
  const isDown = sort.endsWith(' DESC');
  return (
    <th
      scope="col"
      class={isNumber ? 'number' : ''}
      title={title}
      aria-sort={isSorted ? (isDown ? 'descending' : 'ascending') : 'none'}
    >
      {order === null ? (
        name
      ) : (
        <button
          type="button"
          class="head"
          onClick={() =>
            onSort(`${order} ${isSorted ? (isDown ? 'ASC' : 'DESC') : isNumber ? 'DESC' : 'ASC'}`)
          }
        >
          {name}
          <span aria-hidden="true">{isSorted ? (isDown ? ' ↓' : ' ↑') : ''}</span>
        </button>
      )}
    </th>
  );
}

function Row({
  run,
  at,
  columns,
  isSelected,
  onToggle,
}: {
  run: RunRow;
  at?: number;
  columns: readonly RunColumn[];
  isSelected: boolean;
  onToggle: (id: string) => void;
}) {
  return (
    <tr aria-rowindex={at} class={isSelected ? 'selected' : ''} style={{ height: `${rowHeight}px` }}>
      <td class="tick">
        <input
          type="checkbox"
          aria-label={`Select ${run.name}`}
          checked={isSelected}
          onChange={() => onToggle(run.id)}
        />
      </td>
      <td class="name">
        <a href={linkTo(['experiments', run.experiment, 'runs', run.id])}>{run.name || 'unnamed'}</a>{' '}
        <span class="muted id">{run.id.slice(0, 6)}</span>
      </td>
      {columns.map((c) => (
        <td key={c.key} class={c.isNumber ? 'number' : ''}>
          {c.key === 'status' ? <Status status={run.status} stage={run.stage} /> : c.show(run)}
        </td>
      ))}
    </tr>
  );
}

/** Stands for the rows that are not in sight. */
function Gap({ height }: { height: number }) {
  return <tr class="gap" style={{ height: `${height}px` }} />;
}

function groupsOf(rows: readonly RunRow[]): [string, RunRow[]][] {
  const groups = new Map<string, RunRow[]>();
  for (const run of rows) {
    const sweep = run.tags[sweepTag] ?? '';
    const group = groups.get(sweep);
    if (group) group.push(run);
    else groups.set(sweep, [run]);
  }
  return [...groups];
}
