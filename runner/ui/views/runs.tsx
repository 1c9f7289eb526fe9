import { useMemo, useState } from 'preact/hooks';
import { getMlflow, postMlflow, useLoaded } from '../api.ts';
import { saveCsv } from '../download.ts';
import { Crumbs, Empty } from '../parts/basics.tsx';
import { ColumnChooser } from '../parts/column-chooser.tsx';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { FilterInput } from '../parts/filter-input.tsx';
import { linkTo, setQuery } from '../router.ts';
import { columnOf, defaultColumns, fixedKeys, keysOf } from './columns.ts';
import { useRunPages } from './run-pages.ts';
import { RunsTable } from './runs-table.tsx';

const separator = '|';
const mostCompared = 20;

/** The runs of an experiment. Columns, order and filter are in the address. */
export function RunsView({ experimentId, query }: { experimentId: string; query: URLSearchParams }) {
  const filter = query.get('filter') ?? '';
  const sort = query.get('sort') ?? '';
  const view = query.get('view') ?? 'ACTIVE_ONLY';
  const experiment = useLoaded(experimentId, () =>
    getMlflow<{ experiment: { name: string; tags?: { key: string; value: string }[] } }>('experiments/get', {
      experiment_id: experimentId,
    }),
  );
  const ids = useMemo(() => [experimentId], [experimentId]);
  const pages = useRunPages({ experimentIds: ids, filter, orderBy: sort, view });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [dialog, setDialog] = useState<'columns' | 'delete' | null>(null);
  const given = query.get('cols');
  const columnKeys = given === null ? defaultColumns(pages.rows) : given.split(separator).filter(Boolean);
  const columns = columnKeys.map(columnOf);
  const keys = keysOf(pages.rows);
  const name = experiment.value?.experiment.name ?? '';
  const isGrouped = query.get('group') === 'sweep';
  const hasSweeps = keys.includes('tags.qrun.sweep.id');

  const act = async (call: 'delete' | 'restore') => {
    for (const id of selected) await postMlflow(`runs/${call}`, { run_id: id });
    setSelected(new Set());
    pages.reload();
  };
  const exportRows = () =>
    saveCsv(
      `${name || 'runs'}.csv`,
      ['run_id', 'name', ...columnKeys],
      pages.rows.map((run) => [run.id, run.name, ...columns.map((c) => c.value(run))]),
    );
  return (
    <>
      <Crumbs items={[{ text: 'Experiments', href: '#/' }, { text: name || experimentId }]} />
      <div class="title">
        <h1>{name || 'Runs'}</h1>
        <span class="muted" role="status">
          {pages.isLoading
            ? 'loading…'
            : `${pages.isOpen ? 'over ' : ''}${(pages.isOpen ? pages.rows.length : pages.total).toLocaleString('en')} runs`}
        </span>
      </div>
      <div class="tools">
        <FilterInput
          value={filter}
          keys={keys}
          label="Filter runs"
          placeholder="metrics.IC > 0.03 AND params.`model.class` = 'LGBModel'"
          onChange={(text) => setQuery({ filter: text })}
        />
        <select
          aria-label="Which runs"
          value={view}
          onChange={(event) =>
            setQuery({ view: event.currentTarget.value === 'ACTIVE_ONLY' ? '' : event.currentTarget.value })
          }
        >
          <option value="ACTIVE_ONLY">Active</option>
          <option value="DELETED_ONLY">Deleted</option>
          <option value="ALL">All</option>
        </select>
        {hasSweeps && (
          <label class="check">
            <input
              type="checkbox"
              checked={isGrouped}
              onChange={() => setQuery({ group: isGrouped ? '' : 'sweep' })}
            />
            Group by sweep
          </label>
        )}
        <button type="button" onClick={() => setDialog('columns')}>
          Columns
        </button>
        <button type="button" onClick={exportRows}>
          CSV
        </button>
      </div>
      {selected.size > 0 && (
        <div class="selection" role="status">
          <strong>{selected.size}</strong> selected
          {selected.size > 1 && selected.size <= mostCompared && (
            <a class="button primary" href={linkTo(['compare'], { runs: [...selected].join(',') })}>
              Compare
            </a>
          )}
          {selected.size > mostCompared && <span class="muted">at most {mostCompared} can be compared</span>}
          <button
            type="button"
            onClick={() => (view === 'DELETED_ONLY' ? void act('restore') : setDialog('delete'))}
          >
            {view === 'DELETED_ONLY' ? 'Restore' : 'Delete'}
          </button>
          <button type="button" class="plain" onClick={() => setSelected(new Set())}>
            Clear
          </button>
        </div>
      )}
      {pages.error !== '' ? (
        <pre class="message error" role="alert">
          {pages.error}
        </pre>
      ) : !pages.isLoading && pages.total === 0 ? (
        <Empty>{filter === '' ? 'No runs here yet.' : 'No run matches the filter.'}</Empty>
      ) : (
        <RunsTable
          pages={pages}
          columns={columns}
          sort={sort}
          isGrouped={isGrouped}
          selected={selected}
          onSelect={setSelected}
          onSort={(order) => setQuery({ sort: order })}
        />
      )}
      {dialog === 'columns' && (
        <ColumnChooser
          keys={[...fixedKeys, ...keys]}
          chosen={columnKeys}
          onClose={() => setDialog(null)}
          onChange={(chosen) => setQuery({ cols: chosen === null ? '' : chosen.join(separator) }, false)}
        />
      )}
      {dialog === 'delete' && (
        <ConfirmDialog
          title="Delete runs"
          text={`${selected.size} runs are marked as deleted; they can be restored.`}
          action="Delete"
          onClose={() => setDialog(null)}
          onConfirm={() => act('delete')}
        />
      )}
    </>
  );
}
