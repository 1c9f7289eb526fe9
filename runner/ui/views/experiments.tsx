import { useState } from 'preact/hooks';
import { post, postMlflow, useLoaded } from '../api.ts';
import { shownTime } from '../format.ts';
import { Empty, Pending, Status } from '../parts/basics.tsx';
import { ConfirmDialog, TextDialog } from '../parts/dialog.tsx';
import { SortableTable } from '../parts/sortable-table.tsx';
import { linkTo, setQuery } from '../router.ts';
import type { Experiment } from '../types.ts';

type Asked = { kind: 'create' } | { kind: 'rename' | 'delete'; experiment: Experiment } | null;

/** All experiments: search, make, rename, delete, restore. */
export function ExperimentsView({ query }: { query: URLSearchParams }) {
  const view = query.get('view') ?? 'ACTIVE_ONLY';
  const text = query.get('q') ?? '';
  const [asked, setAsked] = useState<Asked>(null);
  const loaded = useLoaded(
    view,
    () => post<{ experiments: Experiment[] }>('experiments/search', { view_type: view }),
    15_000,
  );
  const shown = (loaded.value?.experiments ?? []).filter(({ name }) =>
    name.toLowerCase().includes(text.toLowerCase()),
  );
  const change = async (call: string, body: object) => {
    await postMlflow(`experiments/${call}`, body);
    loaded.reload();
  };
  return (
    <>
      <div class="title">
        <h1>Experiments</h1>
        <button type="button" class="primary" onClick={() => setAsked({ kind: 'create' })}>
          New experiment
        </button>
      </div>
      <div class="tools">
        <input
          type="search"
          aria-label="Search experiments by name"
          placeholder="Search by name"
          value={text}
          onInput={(event) => setQuery({ q: event.currentTarget.value }, false)}
        />
        <select
          aria-label="Which experiments"
          value={view}
          onChange={(event) =>
            setQuery({ view: event.currentTarget.value === 'ACTIVE_ONLY' ? '' : event.currentTarget.value })
          }
        >
          <option value="ACTIVE_ONLY">Active</option>
          <option value="DELETED_ONLY">Deleted</option>
          <option value="ALL">All</option>
        </select>
      </div>
      {!loaded.value ? (
        <Pending loaded={loaded} what="experiments" />
      ) : shown.length === 0 ? (
        <Empty>
          {text
            ? `No experiment has “${text}” in its name.`
            : 'There is no experiment here yet. A workflow run with qrun makes one.'}
        </Empty>
      ) : (
        <SortableTable
          caption="Experiments"
          csv="experiments.csv"
          rows={shown}
          keyOf={({ id }) => id}
          columns={[
            {
              name: 'Name',
              value: (e) => e.name,
              show: (e) => <a href={linkTo(['experiments', e.id])}>{e.name}</a>,
            },
            {
              name: 'Runs',
              isNumber: true,
              value: (e) => e.runs,
              show: (e) => (e.runs === null ? 'several' : e.runs),
            },
            { name: 'Last run', value: (e) => e.last ?? null, show: (e) => shownTime(e.last) },
            { name: 'Created', value: (e) => e.created, show: (e) => shownTime(e.created) },
            {
              name: 'Note',
              value: (e) => e.tags['mlflow.note.content'] ?? '',
              show: (e) => <span class="note">{e.tags['mlflow.note.content'] ?? ''}</span>,
            },
            {
              name: 'Actions',
              value: () => '',
              show: (e) =>
                e.stage === 'deleted' ? (
                  <span class="row-actions">
                    <Status status="deleted" />
                    <button
                      type="button"
                      class="small"
                      aria-label={`Restore ${e.name}`}
                      onClick={() => void change('restore', { experiment_id: e.id })}
                    >
                      Restore
                    </button>
                  </span>
                ) : (
                  <span class="row-actions">
                    <button
                      type="button"
                      class="small"
                      aria-label={`Rename ${e.name}`}
                      onClick={() => setAsked({ kind: 'rename', experiment: e })}
                    >
                      Rename
                    </button>
                    {e.id !== '0' && (
                      <button
                        type="button"
                        class="small"
                        aria-label={`Delete ${e.name}`}
                        onClick={() => setAsked({ kind: 'delete', experiment: e })}
                      >
                        Delete
                      </button>
                    )}
                  </span>
                ),
            },
          ]}
        />
      )}
      {asked?.kind === 'create' && (
        <TextDialog
          title="New experiment"
          label="Name"
          action="Create"
          onClose={() => setAsked(null)}
          onSave={(name) => change('create', { name })}
        />
      )}
      {asked?.kind === 'rename' && (
        <TextDialog
          title="Rename experiment"
          label="Name"
          value={asked.experiment.name}
          action="Rename"
          onClose={() => setAsked(null)}
          onSave={(name) => change('update', { experiment_id: asked.experiment.id, new_name: name })}
        />
      )}
      {asked?.kind === 'delete' && (
        <ConfirmDialog
          title="Delete experiment"
          text={`“${asked.experiment.name}” and its runs go to the trash; they can be restored.`}
          action="Delete"
          onClose={() => setAsked(null)}
          onConfirm={() => change('delete', { experiment_id: asked.experiment.id })}
        />
      )}
    </>
  );
}
