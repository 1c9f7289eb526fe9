import { useMemo } from 'preact/hooks';
import { Chart } from '../charts/chart.tsx';
import { cumulative, drawdown, monthly, months, returnsOf } from '../charts/figures.ts';
import { heatmapOption, linesOption } from '../charts/options.ts';
import { shownPercent } from '../format.ts';
import { Empty, Pending } from '../parts/basics.tsx';
import type { Report } from '../types.ts';
import { useResearch } from './use-research.ts';

export function PortfolioTab({ runId }: { runId: string }) {
  const research = useResearch(runId);
  if (!research.value) return <Pending loaded={research} what="the portfolio" />;
  const { report } = research.value;
  if (!report) return <Empty>This run has no backtest: its artifacts hold no report_normal_….pkl.</Empty>;
  return <Portfolio report={report} />;
}

function Portfolio({ report }: { report: Report }) {
  const charts = useMemo(() => {
    const returns = returnsOf(report);
    if (!returns) return null;
    const { days } = report;
    const total = cumulative(returns.net);
    const bench = returns.bench ? cumulative(returns.bench) : null;
    const excess = cumulative(returns.excess);
    const falls = drawdown(excess);
    const ownFalls = drawdown(total);
    const month = monthly(days, returns.excess);
    const series = [
      { name: 'portfolio, after cost', values: total },
      ...(bench ? [{ name: 'benchmark', values: bench, dashed: true }] : []),
      { name: 'excess, after cost', values: excess },
    ];
    return {
      days,
      series,
      falls,
      ownFalls,
      month,
      growth: linesOption(days, series, true),
      drawdown: linesOption(
        days,
        [
          { name: 'excess', values: falls, area: true },
          { name: 'portfolio', values: ownFalls },
        ],
        true,
      ),
      monthly: heatmapOption(
        [...months, 'year'],
        month.years,
        [...month.cells, ...month.yearly.map(([, sum], y) => [12, y, sum] as const)],
        (v) => shownPercent(v),
        Math.max(0.01, ...month.cells.map(([, , v]) => Math.abs(v))),
      ),
      turnover: report.turnover
        ? linesOption(days, [{ name: 'turnover', values: report.turnover }], true)
        : null,
      account: report.account ? linesOption(days, [{ name: 'account', values: report.account }]) : null,
    };
  }, [report]);
  if (!charts) return <Empty>The report of this run has no column of returns.</Empty>;
  const { days, series, falls, ownFalls, month } = charts;
  return (
    <div class="charts">
      <div class="wide">
        <Chart
          title="Cumulative return"
          summary={`Sums of daily returns from ${days[0]} to ${days.at(-1)}: ${series.map((s) => `${s.name} ${shownPercent(s.values.at(-1))}`).join(', ')}.`}
          option={charts.growth}
          height={360}
          csv={() => ({
            header: ['day', ...series.map((s) => s.name)],
            rows: days.map((day, i) => [day, ...series.map((s) => s.values[i])]),
          })}
        />
        <p class="muted">Sums of daily returns, as qlib reports them; nothing is reinvested.</p>
      </div>
      <Chart
        title="Drawdown"
        summary={`Deepest: excess ${shownPercent(Math.min(...falls))}, portfolio ${shownPercent(Math.min(...ownFalls))}.`}
        option={charts.drawdown}
        csv={() => ({
          header: ['day', 'excess', 'portfolio'],
          rows: days.map((day, i) => [day, falls[i], ownFalls[i]]),
        })}
      />
      <Chart
        title="Monthly excess return"
        summary={month.yearly.map(([year, sum]) => `${year}: ${shownPercent(sum)}`).join(', ')}
        option={charts.monthly}
        height={Math.max(160, 60 + 34 * month.years.length)}
        csv={() => ({
          header: ['year', 'month', 'excess'],
          rows: month.cells.map(([m, y, v]) => [month.years[y], m + 1, v]),
        })}
      />
      {charts.turnover && (
        <Chart
          title="Turnover"
          summary="Share of the account traded a day."
          option={charts.turnover}
          csv={() => ({
            header: ['day', 'turnover'],
            rows: days.map((day, i) => [day, report.turnover?.[i]]),
          })}
        />
      )}
      {charts.account && (
        <Chart
          title="Account"
          summary={`Value of the account, at the end ${report.account?.at(-1)?.toLocaleString('en')}.`}
          option={charts.account}
          csv={() => ({ header: ['day', 'account'], rows: days.map((day, i) => [day, report.account?.[i]]) })}
        />
      )}
    </div>
  );
}
