import { useMemo } from 'preact/hooks';
import { useLoaded } from '../api.ts';
import { Chart } from '../charts/chart.tsx';
import { rankedBarsOption } from '../charts/options.ts';
import { shortKey, shownNumber } from '../format.ts';
import { Card, Crumbs, Empty, Pending, Status } from '../parts/basics.tsx';
import { SortableTable } from '../parts/sortable-table.tsx';
import { linkTo, setQuery } from '../router.ts';
import type { RunRow } from '../types.ts';
import { numberOf, numericKeys, textKeys } from './compare-data.ts';
import { CompareSpread } from './compare-spread.tsx';
import { importanceOf, summaryOf, sweepRuns, sweepTags } from './sweep-data.ts';
import { SweepLuck } from './sweep-luck.tsx';

const compared = 5;

/** One sweep: how far it is, its best runs, which params matter, and how much of the best may be luck. */
export function SweepView({ id, query }: { id: string; query: URLSearchParams }) {
  const loaded = useLoaded(id, () => sweepRuns(id), 5000);
  const runs = loaded.value;
  const chosen = query.get('goal') ?? '';
  const summary = useMemo(() => (runs ? summaryOf(id, runs, chosen) : null), [runs, id, chosen]);
  const importance = useMemo(() => (summary ? importanceOf(summary.runs, summary.goal) : []), [summary]);
  const bars = useMemo(
    () =>
      importance.length > 0
        ? rankedBarsOption(
            importance.map((i) => shortKey(i.key)),
            importance.map((i) => i.share),
          )
        : null,
    [importance],
  );
  const labels = useMemo(() => (runs ?? []).map((run) => run.name || run.id.slice(0, 6)), [runs]);
  const crumbs = (
    <Crumbs items={[{ text: 'Sweeps', href: linkTo(['sweeps']) }, { text: summary?.name ?? id }]} />
  );
  if (!runs || !summary)
    return (
      <>
        {crumbs}
        <h1>Sweep</h1>
        <Pending loaded={loaded} what="the sweep" />
      </>
    );
  if (runs.length === 0)
    return (
      <>
        {crumbs}
        <h1>Sweep</h1>
        <Empty>No run belongs to this sweep.</Empty>
      </>
    );
  const { goal, maximize } = summary;
  const ranked = [...runs].sort(
    (a, b) =>
      (maximize ? -1 : 1) *
      ((numberOf(a, goal) ?? (maximize ? -Infinity : Infinity)) -
        (numberOf(b, goal) ?? (maximize ? -Infinity : Infinity))),
  );
  const params = [
    ...new Set([...numericKeys(runs), ...textKeys(runs)].filter((key) => key.startsWith('params.'))),
  ].slice(0, 6);
  const planned = Number(
    runs.find((run) => sweepTags.total in run.tags)?.tags[sweepTags.total] ?? runs.length,
  );
  const done = runs.filter((run) => run.status !== 'RUNNING' && run.status !== 'SCHEDULED').length;
  const metrics = numericKeys(runs).filter((key) => key.startsWith('metrics.'));
  return (
    <>
      {crumbs}
      <div class="title">
        <h1>{summary.name}</h1>
        <progress max={planned} value={done} aria-label="Progress of the sweep" />
        <span class="muted">
          {done} of {planned} runs ended
        </span>
        <span class="spring" />
        <label>
          Goal
          <select value={goal} onChange={(event) => setQuery({ goal: event.currentTarget.value })}>
            {[...new Set([goal, ...metrics])].map((key) => (
              <option key={key} value={key}>
                {key.replace(/^metrics\./, '')}
              </option>
            ))}
          </select>
        </label>
        <a
          class="button"
          href={linkTo(['compare'], {
            runs: ranked
              .slice(0, compared)
              .map((r) => r.id)
              .join(','),
          })}
        >
          Compare the best {Math.min(compared, ranked.length)}
        </a>
      </div>
      <Card title="Leaderboard">
        <SortableTable
          caption="Runs of the sweep, the best first"
          csv={`sweep-${id}.csv`}
          rows={ranked.map((run, i) => ({ run, rank: i + 1 }))}
          keyOf={({ run }) => run.id}
          columns={[
            { name: '#', isNumber: true, value: ({ rank }) => rank },
            {
              name: 'Run',
              value: ({ run }) => run.name,
              show: ({ run }) => (
                <a href={linkTo(['experiments', run.experiment, 'runs', run.id])}>
                  {run.name || run.id.slice(0, 8)}
                </a>
              ),
            },
            {
              name: 'Status',
              value: ({ run }) => run.status,
              show: ({ run }) => <Status status={run.status} stage={run.stage} />,
            },
            {
              name: shortKey(goal.replace(/^metrics\./, '')),
              isNumber: true,
              value: ({ run }) => numberOf(run, goal),
              show: ({ run }) => shownNumber(numberOf(run, goal)),
            },
            ...params.map((key) => ({
              name: shortKey(key.slice(7)),
              value: ({ run }: { run: RunRow; rank: number }) => run.params[key.slice(7)] ?? null,
            })),
          ]}
        />
      </Card>
      <SweepLuck summary={summary} />
      <div class="charts">
        {bars && (
          <Chart
            title="Importance of params"
            summary={importance.map((i) => `${i.key} ${(100 * i.share).toFixed(0)}%`).join(', ')}
            option={bars}
            height={60 + 26 * importance.length}
            csv={() => ({
              header: ['param', 'share of variance'],
              rows: importance.map((i) => [i.key, i.share]),
            })}
          />
        )}
      </div>
      <CompareSpread runs={runs} labels={labels} goal={goal} />
    </>
  );
}
