import { averageOf, deviationOf } from '../../../components/eval/risk.ts';
import { histogram } from '../chart/histogram.ts';
import { lineChart } from '../chart/line-chart.ts';
import { table } from '../chart/tables.ts';
import type { SignalData } from '../data/signal.ts';
import { decimal, percent } from '../format.ts';
import { type Html, html } from '../html.ts';
import { movingAverage, summed } from '../series.ts';
import type { SignalStatistics } from '../statistics.ts';
import { monthTable } from './months.ts';

/** IC series and their spread, groups by score, long-short, how slowly the signal changes. */
export function signalSection(data: SignalData, statistics: SignalStatistics): Html {
  const { times, ic, ric, groups, autocorrelation, coverage } = data;
  const best = groups.groups[0]!;
  const worst = groups.groups[groups.groups.length - 1]!;
  const icChart = (title: string, values: Float64Array, color: number) =>
    lineChart({
      title,
      times,
      lines: [
        { name: 'day', values, color, look: 'bars' },
        { name: 'mean of 20 days', values: movingAverage(values, 20), color: 2 },
      ],
      kind: 'decimal',
    });
  const { icInterval, ricInterval } = statistics;
  return html`${table({
    title: 'Information coefficients',
    note: 'intervals: stationary bootstrap at 95 %',
    head: ['', 'mean', '95 % interval', 'deviation', 'mean / deviation', 'days above 0'],
    rows: (
      [
        ['IC', ic, icInterval],
        ['rank IC', ric, ricInterval],
      ] as const
    ).map(([name, values, interval]) => [
      name,
      decimal(averageOf(values), 4),
      `${decimal(interval.low, 4)} to ${decimal(interval.high, 4)}`,
      decimal(deviationOf(values), 4),
      decimal(averageOf(values) / deviationOf(values), 3),
      percent(averageOf(Array.from(values, (v) => (Number.isNaN(v) ? v : v > 0 ? 1 : 0)))),
    ]),
  })}${
    data.precision.length > 0 &&
    table({
      title: 'Precision of the best scores',
      note: 'share of the k best scores of a day whose label is above 0, and above the mean label of the day; means over days',
      head: ['best k', ...data.precision.map((p) => String(p.k))],
      rows: [
        ['label above 0', ...data.precision.map((p) => percent(p.rising))],
        ['label above the mean of the day', ...data.precision.map((p) => percent(p.better))],
      ],
    })
  }<div class="pair">${icChart('IC', ic, 1)}${icChart('Rank IC', ric, 5)}${histogram({
    title: 'IC, how often',
    note: 'dashed: the mean',
    values: ic,
    color: 1,
  })}${histogram({ title: 'Rank IC, how often', note: 'dashed: the mean', values: ric, color: 5 })}</div>${monthTable(
    {
      title: 'IC by month',
      times,
      values: ic,
      gather: averageOf,
      full: 0.1,
      format: (x) => decimal(x, 3),
    },
  )}<div class="pair">${lineChart({
    title: 'Groups by score, summed labels',
    note: `${groups.groups.length} groups of equal size by score, the best first; mean label of each`,
    times: groups.times,
    lines: groups.groups.map((values, g) => ({
      name: `group ${g + 1}${g === 0 ? ' (best)' : ''}`,
      values: summed(values),
      color: [4, 1, 3, 2, 6][g] ?? 5,
    })),
    kind: 'percent',
  })}${lineChart({
    title: 'Long and short, summed labels',
    note: 'before any cost: labels of the best group less those of the worst, and less those of all',
    times: groups.times,
    lines: [
      { name: 'best − worst', values: summed(best.map((x, i) => x - worst[i]!)), color: 1 },
      { name: 'best − all', values: summed(best.map((x, i) => x - groups.average[i]!)), color: 2 },
    ],
    kind: 'percent',
  })}${lineChart({
    title: 'Autocorrelation of the scores',
    note: 'correlation with the scores of the day before: near 1, the signal changes slowly',
    times: autocorrelation.times,
    lines: [{ name: 'lag of one day', values: autocorrelation.values, color: 1 }],
    kind: 'decimal',
  })}${lineChart({
    title: 'Instruments with a score',
    times: autocorrelation.times,
    lines: [{ name: 'instruments', values: coverage, color: 3 }],
    kind: 'whole',
  })}</div>`;
}
