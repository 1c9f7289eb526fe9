import { useLoaded } from '../api.ts';
import { shortKey, shownNumber, shownTime } from '../format.ts';
import { Empty, Pending } from '../parts/basics.tsx';
import { SortableTable } from '../parts/sortable-table.tsx';
import { linkTo } from '../router.ts';
import type { RunRow } from '../types.ts';
import { numberOf } from './compare-data.ts';
import { summaryOf, sweepRuns, sweepTags } from './sweep-data.ts';

export function SweepsView() {
  const loaded = useLoaded('sweeps', () => sweepRuns(), 10_000);
  const groups = new Map<string, RunRow[]>();
  for (const run of loaded.value ?? []) {
    const id = run.tags[sweepTags.id] ?? '';
    groups.set(id, [...(groups.get(id) ?? []), run]);
  }
  const sweeps = [...groups].map(([id, runs]) => summaryOf(id, runs));
  return (
    <>
      <div class="title">
        <h1>Sweeps</h1>
      </div>
      {!loaded.value ? (
        <Pending loaded={loaded} what="sweeps" />
      ) : sweeps.length === 0 ? (
        <Empty>There is no sweep in this store yet. `qrun sweep` makes one.</Empty>
      ) : (
        <SortableTable
          caption="Sweeps"
          csv="sweeps.csv"
          rows={sweeps}
          keyOf={(s) => s.id}
          columns={[
            {
              name: 'Sweep',
              value: (s) => s.name,
              show: (s) => <a href={linkTo(['sweeps', s.id])}>{s.name}</a>,
            },
            { name: 'Runs', isNumber: true, value: (s) => s.runs.length },
            {
              name: 'Running',
              isNumber: true,
              value: (s) => s.runs.filter((r) => r.status === 'RUNNING').length,
            },
            { name: 'Goal', value: (s) => shortKey(s.goal.replace(/^metrics\./, '')) },
            {
              name: 'Best',
              isNumber: true,
              value: (s) => (s.best ? numberOf(s.best, s.goal) : null),
              show: (s) => shownNumber(s.best ? numberOf(s.best, s.goal) : null),
            },
            {
              name: 'Started',
              value: (s) => Math.min(...s.runs.map((r) => r.start ?? Number.POSITIVE_INFINITY)),
              show: (s) => shownTime(Math.min(...s.runs.map((r) => r.start ?? Number.POSITIVE_INFINITY))),
            },
          ]}
        />
      )}
    </>
  );
}
