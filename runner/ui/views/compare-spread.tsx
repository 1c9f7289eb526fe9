import { useMemo, useState } from 'preact/hooks';
import { Chart } from '../charts/chart.tsx';
import { parallelOption, scatterOption } from '../charts/options.ts';
import { shortKey } from '../format.ts';
import type { RunRow } from '../types.ts';
import { metricName } from './columns.ts';
import { numberOf, numericKeys, textKeys } from './compare-data.ts';

const mostAxes = 7;
const longestText = 24;

/** The last part of a name: axes stand close. */
const axisName = (key: string): string =>
  key.startsWith('metrics.') ? metricName(key.slice(8)).split('.').at(-1)! : key.split('.').at(-1)!;

/** A scatter of two figures, and all that differs on parallel axes. */
export function CompareSpread({
  runs,
  labels,
  goal,
}: {
  runs: readonly RunRow[];
  labels: readonly string[];
  goal?: string;
}) {
  const numbers = useMemo(() => numericKeys(runs), [runs]);
  const metrics = numbers.filter((key) => key.startsWith('metrics.'));
  // what all runs have tells most
  const params = useMemo(
    () =>
      numbers
        .filter((key) => key.startsWith('params.'))
        .map((key) => ({ key, count: runs.filter((run) => numberOf(run, key) !== null).length }))
        .sort((a, b) => b.count - a.count)
        .map(({ key }) => key),
    [runs, numbers],
  );
  const first = goal !== undefined && numbers.includes(goal) ? goal : metrics[0];
  const [chosenX, setX] = useState<string | null>(null);
  const [chosenY, setY] = useState<string | null>(null);
  const isShared = (key: string) => runs.every((run) => numberOf(run, key) !== null);
  const x = chosenX ?? params.find(isShared) ?? metrics.find((key) => key !== first) ?? first ?? '';
  const y = chosenY ?? first ?? '';
  const scatter = useMemo(() => {
    const points = runs.flatMap((run, i) => {
      const [a, b] = [numberOf(run, x), numberOf(run, y)];
      return a === null || b === null ? [] : [{ name: labels[i] ?? run.id, x: a, y: b }];
    });
    return {
      points,
      option: scatterOption(
        shortKey(x.slice(x.indexOf('.') + 1)),
        shortKey(y.slice(y.indexOf('.') + 1)),
        points,
      ),
    };
  }, [runs, labels, x, y]);
  const axes = useMemo(() => {
    const isShort = (key: string) =>
      runs.every((run) => (run.params[key.slice(7)] ?? '').length <= longestText);
    const texts = textKeys(runs).filter((key) => !params.includes(key) && isShort(key));
    return [
      ...params.slice(0, 5),
      ...texts.slice(0, 2),
      ...(first ? [first] : []),
      ...metrics.filter((key) => key !== first),
    ].slice(0, mostAxes);
  }, [runs, params, metrics, first]);
  const parallel = useMemo(() => {
    const of = (run: RunRow, key: string) =>
      numberOf(run, key) ?? (key.startsWith('params.') ? (run.params[key.slice(7)] ?? null) : null);
    const lines = runs.map((run, i) => ({
      name: labels[i] ?? run.id,
      values: axes.map((key) => of(run, key)),
    }));
    return {
      lines,
      option: parallelOption(axes.map(axisName), lines),
    };
  }, [runs, labels, axes]);
  if (numbers.length < 2) return null;
  const select = (label: string, value: string, onChange: (key: string) => void) => (
    <label>
      {label}
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {numbers.map((key) => (
          <option key={key} value={key}>
            {key}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <div class="charts">
      <div>
        <div class="tools">
          {select('Across', x, setX)}
          {select('Up', y, setY)}
        </div>
        <Chart
          title="Scatter"
          summary={`${scatter.points.length} runs by ${x} and ${y}.`}
          option={scatter.option}
          csv={() => ({ header: ['run', x, y], rows: scatter.points.map((p) => [p.name, p.x, p.y]) })}
        />
      </div>
      {axes.length > 1 && (
        <Chart
          title="Parallel coordinates"
          summary={`Each run a line over ${axes.join(', ')}.`}
          option={parallel.option}
          height={320}
          csv={() => ({ header: ['run', ...axes], rows: parallel.lines.map((l) => [l.name, ...l.values]) })}
        />
      )}
    </div>
  );
}
