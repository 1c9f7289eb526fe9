import { useMemo } from 'preact/hooks';
import { getMlflow, useLoaded } from '../api.ts';
import { Chart } from '../charts/chart.tsx';
import { stepLinesOption } from '../charts/options.ts';
import { Empty, Pending } from '../parts/basics.tsx';
import type { Metric, RunData } from './run-data.ts';

const most = 40;
interface Point {
  readonly value: number | string;
  readonly step: number;
}

/** Metrics with several steps, those of one family (`l2.train`, `l2.valid`) in one chart. */
export function MetricsTab({ run }: { run: RunData }) {
  const series = run.metrics.filter(({ step }) => step > 0);
  const families = useMemo(() => familiesOf(series), [series.map((m) => m.key).join('\0')]);
  if (families.length === 0) return <Empty>No metric of this run has more than one step.</Empty>;
  return (
    <div class="charts">
      {families.slice(0, most).map(([family, keys]) => (
        <FamilyChart
          key={family}
          runId={run.id}
          family={family}
          keys={keys}
          stamp={series
            .filter((m) => keys.includes(m.key))
            .map((m) => m.step)
            .join()}
        />
      ))}
    </div>
  );
}

export function familiesOf(metrics: readonly Metric[]): [string, string[]][] {
  const families = new Map<string, string[]>();
  for (const { key } of metrics) {
    const family = key.replace(/[./](?:train|valid|test|eval|val|training)$/i, '');
    const keys = families.get(family);
    if (keys) keys.push(key);
    else families.set(family, [key]);
  }
  return [...families];
}

export function FamilyChart({
  runId,
  family,
  keys,
  stamp,
}: {
  runId: string;
  family: string;
  keys: readonly string[];
  stamp: string;
}) {
  const loaded = useLoaded(`${runId} ${keys.join('\0')} ${stamp}`, async () =>
    Promise.all(
      keys.map(async (key) => {
        const { metrics = [] } = await getMlflow<{ metrics?: Point[] }>('metrics/get-history', {
          run_id: runId,
          metric_key: key,
        });
        const points = metrics.map(({ step, value }): [number, number | null] => [
          step,
          typeof value === 'number' ? value : null,
        ]);
        return { name: key, points: points.sort((a, b) => a[0] - b[0]) };
      }),
    ),
  );
  const option = useMemo(() => (loaded.value ? stepLinesOption(loaded.value) : null), [loaded.value]);
  if (!loaded.value || !option) return <Pending loaded={loaded} what={family} />;
  const series = loaded.value;
  return (
    <Chart
      title={family}
      summary={series
        .map((s) => `${s.name}: ${s.points.length} steps, last ${s.points.at(-1)?.[1]}`)
        .join('; ')}
      option={option}
      csv={() => ({
        header: ['metric', 'step', 'value'],
        rows: series.flatMap((s) => s.points.map(([step, value]) => [s.name, step, value])),
      })}
    />
  );
}
