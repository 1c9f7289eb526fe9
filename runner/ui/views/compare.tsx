import { useMemo } from 'preact/hooks';
import { post, useLoaded } from '../api.ts';
import { Chart } from '../charts/chart.tsx';
import { heatmapOption, linesOption } from '../charts/options.ts';
import { shownNumber, shownPercent } from '../format.ts';
import { Card, Crumbs, Empty, Pending } from '../parts/basics.tsx';
import { SortableTable } from '../parts/sortable-table.tsx';
import { linkTo } from '../router.ts';
import { bestOf, type Compared, type Comparison, labelsOf, overlays } from './compare-data.ts';
import { CompareSpread } from './compare-spread.tsx';
import { DifferenceTable } from './difference-table.tsx';

/** Two to twenty runs beside each other; the first is what the others are compared with. */
export function CompareView({ ids }: { ids: readonly string[] }) {
  const key = ids.join(',');
  const loaded = useLoaded(key, () => post<Comparison>('compare', { run_ids: ids }));
  const crumbs = <Crumbs items={[{ text: 'Experiments', href: '#/' }, { text: 'Compare' }]} />;
  if (ids.length === 0)
    return (
      <>
        {crumbs}
        <h1>Compare</h1>
        <Empty>No runs are named. Select some in the table of runs.</Empty>
      </>
    );
  if (!loaded.value)
    return (
      <>
        {crumbs}
        <h1>Compare</h1>
        <Pending loaded={loaded} what="the runs" />
      </>
    );
  return (
    <>
      {crumbs}
      <div class="title">
        <h1>Compare {loaded.value.runs.length} runs</h1>
      </div>
      <Runs ids={ids} comparison={loaded.value} />
    </>
  );
}

function Runs({ ids, comparison }: { ids: readonly string[]; comparison: Comparison }) {
  const { runs } = comparison;
  const labels = useMemo(() => labelsOf(runs), [runs]);
  const lines = useMemo(() => overlays(runs, labels), [runs, labels]);
  const correlation = useMemo(() => {
    const cells = comparison.correlation.flatMap((row, y) => row.map((value, x) => [x, y, value] as const));
    return cells.some(([, , value]) => value !== null)
      ? heatmapOption(labels, labels, cells, (v) => v.toFixed(2), 1)
      : null;
  }, [comparison, labels]);
  const metricKeys = [...new Set(runs.flatMap((run) => Object.keys(run.metrics)))].sort();
  return (
    <>
      <ul class="chips">
        {runs.map((run, i) => (
          <li key={run.id}>
            <span class={`swatch swatch-${i % 8}`} aria-hidden="true" />
            <a href={linkTo(['experiments', run.experiment, 'runs', run.id])}>{labels[i]}</a>
            {runs.length > 1 && (
              <a
                class="plain"
                aria-label={`Leave out ${labels[i]}`}
                href={linkTo(['compare'], { runs: ids.filter((id) => id !== run.id).join(',') })}
              >
                ✕
              </a>
            )}
          </li>
        ))}
      </ul>
      <Card title="Metrics">
        <SortableTable
          caption="Metrics of the runs, the best marked"
          csv="compare-metrics.csv"
          rows={metricKeys}
          keyOf={(name) => name}
          columns={[
            { name: 'Metric', value: (name) => name },
            ...runs.map((run: Compared, i) => ({
              name: labels[i]!,
              isNumber: true,
              value: (name: string) => run.metrics[name] ?? null,
              show: (name: string) => {
                const isBest = bestOf(name, runs) === run.id;
                return isBest ? (
                  <strong class="best">
                    {shownNumber(run.metrics[name])}
                    <span class="hidden"> (best)</span>
                  </strong>
                ) : (
                  shownNumber(run.metrics[name])
                );
              },
            })),
          ]}
        />
      </Card>
      <DifferenceTable runs={runs} labels={labels} />
      <div class="charts">
        {lines.map(({ title, days, series, isPercent }) => (
          <OverlayChart key={title} title={title} days={days} series={series} isPercent={isPercent} />
        ))}
        {correlation && (
          <Chart
            title="Correlation of predictions"
            summary="Mean daily rank correlation of the scores of each two runs."
            option={correlation}
            height={Math.max(200, 60 + 36 * runs.length)}
            csv={() => ({
              header: ['run', ...labels],
              rows: comparison.correlation.map((row, i) => [labels[i], ...row]),
            })}
          />
        )}
      </div>
      {comparison.differences.some(Boolean) && (
        <Card title={`Is it different from ${labels[0]}?`}>
          <SortableTable
            caption="Differences of daily excess return"
            csv="compare-differences.csv"
            rows={comparison.differences.flatMap((d, i) => (d ? [{ ...d, label: labels[i + 1]! }] : []))}
            keyOf={(d) => d.label}
            columns={[
              { name: 'Run', value: (d) => d.label },
              { name: 'Days', isNumber: true, value: (d) => d.days },
              {
                name: 'Difference a year',
                isNumber: true,
                value: (d) => d.annual,
                show: (d) => shownPercent(d.annual, 2),
              },
              { name: '95% from', isNumber: true, value: (d) => d.low, show: (d) => shownPercent(d.low, 2) },
              { name: 'to', isNumber: true, value: (d) => d.high, show: (d) => shownPercent(d.high, 2) },
              { name: 't', isNumber: true, value: (d) => d.t, show: (d) => d.t.toFixed(2) },
              {
                name: 'p',
                isNumber: true,
                value: (d) => d.p,
                show: (d) => (d.p < 0.001 ? '< 0.001' : d.p.toFixed(3)),
              },
              {
                name: 'Verdict',
                value: (d) => (d.low > 0 ? 'better' : d.high < 0 ? 'worse' : 'not told apart'),
              },
            ]}
          />
          <p class="muted">
            Daily return after cost less that of the first run. The interval is a stationary bootstrap of the
            mean; t and p take days for independent.
          </p>
        </Card>
      )}
      {runs.length > 1 && <CompareSpread runs={runs} labels={labels} />}
    </>
  );
}

function OverlayChart({ title, days, series, isPercent }: ReturnType<typeof overlays>[number]) {
  const option = useMemo(() => linesOption(days, series, isPercent), [days, series, isPercent]);
  return (
    <Chart
      title={title}
      summary={`${series.length} runs.`}
      option={option}
      csv={() => ({
        header: ['day', ...series.map((s) => s.name)],
        rows: days.map((day, i) => [day, ...series.map((s) => s.values[i])]),
      })}
    />
  );
}
