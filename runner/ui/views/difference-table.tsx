import { useMemo, useState } from 'preact/hooks';
import { Card } from '../parts/basics.tsx';
import { SortableTable } from '../parts/sortable-table.tsx';
import type { Compared } from './compare-data.ts';

interface Row {
  readonly key: string;
  readonly values: readonly (string | null)[];
}

/** What the runs' configs (or params, where no config is kept) do not have in common. */
export function DifferenceTable({ runs, labels }: { runs: readonly Compared[]; labels: readonly string[] }) {
  const [isAll, setAll] = useState(false);
  const { rows, shared } = useMemo(() => {
    const texts = runs.map((run) => run.config ?? run.params);
    const keys = [...new Set(texts.flatMap((t) => Object.keys(t)))].sort();
    const differs = (key: string) => new Set(texts.map((t) => t[key] ?? null)).size > 1;
    const different = keys.filter(differs);
    return {
      rows: (isAll ? keys : different).map((key) => ({ key, values: texts.map((t) => t[key] ?? null) })),
      shared: keys.length - different.length,
    };
  }, [runs, isAll]);
  return (
    <Card
      title="Config differences"
      actions={
        <label class="check">
          <input type="checkbox" checked={isAll} onChange={() => setAll(!isAll)} />
          also what is the same ({shared})
        </label>
      }
    >
      {rows.length === 0 ? (
        <p class="muted">The configs are the same.</p>
      ) : (
        <SortableTable
          caption="Config differences"
          csv="compare-config.csv"
          rows={rows}
          keyOf={(row) => row.key}
          columns={[
            { name: 'Key', value: (row) => row.key, show: (row) => <code>{row.key}</code> },
            ...runs.map((run, i) => ({
              name: labels[i] ?? run.id,
              value: (row: Row) => row.values[i] ?? null,
              show: (row: Row) =>
                row.values[i] === null ? (
                  <span class="muted">not there</span>
                ) : (
                  <span class={row.values[i] !== row.values[0] ? 'changed value' : 'value'}>
                    {row.values[i]}
                  </span>
                ),
            })),
          ]}
        />
      )}
    </Card>
  );
}
