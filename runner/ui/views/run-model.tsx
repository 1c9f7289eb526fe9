import { useMemo } from 'preact/hooks';
import { Chart } from '../charts/chart.tsx';
import { rankedBarsOption } from '../charts/options.ts';
import { Empty, Pending } from '../parts/basics.tsx';
import type { RunData } from './run-data.ts';
import { FamilyChart, familiesOf } from './run-metrics.tsx';
import { useResearch } from './use-research.ts';

const shown = 30;

/** The learning curve and what the model leans on. */
export function ModelTab({ run }: { run: RunData }) {
  const research = useResearch(run.id);
  const curves = familiesOf(
    run.metrics.filter(({ key, step }) => step > 0 && /(?:train|valid|loss|eval)/i.test(key)),
  );
  const importance = research.value?.importance;
  const option = useMemo(
    () =>
      importance
        ? rankedBarsOption(importance.names.slice(0, shown), importance.values.slice(0, shown))
        : null,
    [importance],
  );
  if (!research.value) return <Pending loaded={research} what="the model" />;
  if (curves.length === 0 && !importance)
    return <Empty>This run kept neither a learning curve nor feature importance.</Empty>;
  return (
    <div class="charts">
      {curves.map(([family, keys]) => (
        <FamilyChart
          key={family}
          runId={run.id}
          family={`Learning curve: ${family}`}
          keys={keys}
          stamp={String(run.metrics.find((m) => m.key === keys[0])?.step)}
        />
      ))}
      {importance && option && (
        <Chart
          title="Feature importance"
          summary={`By ${importance.kind}, the first ${Math.min(shown, importance.names.length)} of ${importance.total}: ${importance.names.slice(0, 5).join(', ')}.`}
          option={option}
          height={40 + 20 * Math.min(shown, importance.names.length)}
          csv={() => ({
            header: ['feature', importance.kind],
            rows: importance.names.map((name, i) => [name, importance.values[i]]),
          })}
        />
      )}
    </div>
  );
}
