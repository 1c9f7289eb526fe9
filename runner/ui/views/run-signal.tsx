import { useMemo } from 'preact/hooks';
import { Chart } from '../charts/chart.tsx';
import { cumulative, less, present, rollingMean } from '../charts/figures.ts';
import { histogramOption, linesOption } from '../charts/options.ts';
import { Empty, Pending } from '../parts/basics.tsx';
import type { Research } from '../types.ts';
import { useResearch } from './use-research.ts';

const month = 20;

export function SignalTab({ runId }: { runId: string }) {
  const research = useResearch(runId);
  if (!research.value) return <Pending loaded={research} what="the signal" />;
  const { ic, groups, longShort } = research.value;
  if (!ic && !groups && !longShort)
    return (
      <Empty>
        This run has no analysis of a signal: neither sig_analysis/ic.pkl nor pred.pkl with label.pkl.
      </Empty>
    );
  return (
    <div class="charts">
      {ic && <Ic ic={ic} />}
      {groups && <Groups groups={groups} />}
      {longShort && <LongShort longShort={longShort} />}
    </div>
  );
}

function Ic({ ic }: { ic: NonNullable<Research['ic']> }) {
  const made = useMemo(() => {
    const values = present(ic.ic);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return {
      mean,
      values,
      lines: linesOption(ic.days, [
        { name: `IC, mean of ${month} days`, values: rollingMean(ic.ic, month) },
        ...(ic.ric ? [{ name: `rank IC, mean of ${month} days`, values: rollingMean(ic.ric, month) }] : []),
      ]),
      sums: linesOption(ic.days, [
        { name: 'IC', values: cumulative(ic.ic) },
        ...(ic.ric ? [{ name: 'rank IC', values: cumulative(ic.ric) }] : []),
      ]),
      histogram: histogramOption(values),
    };
  }, [ic]);
  const above = made.values.filter((v) => v > 0).length;
  const csv = () => ({
    header: ['day', 'ic', 'rank_ic'],
    rows: ic.days.map((day, i) => [day, ic.ic[i], ic.ric?.[i]]),
  });
  return (
    <>
      <Chart
        title="IC"
        summary={`Mean ${made.mean.toFixed(4)} over ${made.values.length} days, above zero on ${above}.`}
        option={made.lines}
        csv={csv}
      />
      <Chart title="Cumulative IC" summary="Sums of daily IC." option={made.sums} csv={csv} />
      <Chart
        title="Distribution of IC"
        summary={`Mean ${made.mean.toFixed(4)}.`}
        option={made.histogram.option}
        csv={() => ({ header: ['ic', 'days'], rows: made.histogram.rows })}
      />
    </>
  );
}

function Groups({ groups }: { groups: NonNullable<Research['groups']> }) {
  const made = useMemo(() => {
    const { days, average, autocorrelation } = groups;
    const names = groups.groups.map(
      (_, i) => `group ${i + 1}${i === 0 ? ' (best)' : i === groups.groups.length - 1 ? ' (worst)' : ''}`,
    );
    const sums = groups.groups.map(cumulative);
    const spread = cumulative(less(groups.groups[0] ?? [], groups.groups.at(-1) ?? null));
    const overAverage = cumulative(less(groups.groups[0] ?? [], average));
    return {
      names,
      sums,
      spread,
      overAverage,
      lines: linesOption(
        days,
        sums.map((values, i) => ({ name: names[i]!, values })),
        true,
      ),
      spreads: linesOption(
        days,
        [
          { name: 'best less worst', values: spread },
          { name: 'best less average', values: overAverage },
        ],
        true,
      ),
      auto: linesOption(autocorrelation.days, [
        { name: 'rank autocorrelation', values: rollingMean(autocorrelation.values, month) },
      ]),
    };
  }, [groups]);
  return (
    <>
      <Chart
        title="Return of groups by score"
        summary={made.sums
          .map((s, i) => `${made.names[i]} ${(100 * (s.at(-1) ?? 0)).toFixed(1)}%`)
          .join(', ')}
        option={made.lines}
        csv={() => ({
          header: ['day', ...made.names],
          rows: groups.days.map((day, i) => [day, ...groups.groups.map((g) => g[i])]),
        })}
      />
      <Chart
        title="Best group against the rest"
        summary={`Best less worst ${(100 * (made.spread.at(-1) ?? 0)).toFixed(1)}%.`}
        option={made.spreads}
        csv={() => ({
          header: ['day', 'best_less_worst', 'best_less_average'],
          rows: groups.days.map((day, i) => [day, made.spread[i], made.overAverage[i]]),
        })}
      />
      <Chart
        title="Autocorrelation of ranks"
        summary="How much of a day's ranking stays to the next day."
        option={made.auto}
        csv={() => ({
          header: ['day', 'autocorrelation'],
          rows: groups.autocorrelation.days.map((day, i) => [day, groups.autocorrelation.values[i]]),
        })}
      />
    </>
  );
}

function LongShort({ longShort }: { longShort: NonNullable<Research['longShort']> }) {
  const made = useMemo(() => {
    const sum = cumulative(longShort.longShort);
    return {
      sum,
      option: linesOption(
        longShort.days,
        [
          { name: 'long less short, half of it', values: sum },
          ...(longShort.average ? [{ name: 'average', values: cumulative(longShort.average) }] : []),
        ],
        true,
      ),
    };
  }, [longShort]);
  return (
    <Chart
      title="Long-short return"
      summary={`Sum ${(100 * (made.sum.at(-1) ?? 0)).toFixed(1)}%.`}
      option={made.option}
      csv={() => ({
        header: ['day', 'long_short', 'average'],
        rows: longShort.days.map((day, i) => [day, longShort.longShort[i], longShort.average?.[i]]),
      })}
    />
  );
}
