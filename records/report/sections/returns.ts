import { formatTime } from '../../../components/core/dates.ts';
import { drawdowns } from '../../../components/eval/drawdowns.ts';
import { lineChart } from '../chart/line-chart.ts';
import { table } from '../chart/tables.ts';
import type { PortfolioData } from '../data/portfolio.ts';
import { percent } from '../format.ts';
import { type Html, html } from '../html.ts';
import { compounded, drawdown, summed } from '../series.ts';
import { monthTable } from './months.ts';

/** Returns, summed and compounded, drawdown, turnover, months. */
export function returnsSection(data: PortfolioData): Html {
  const { times, gross, net, bench, hasBenchmark, freq } = data;
  const lines = (of: (values: Float64Array) => Float64Array) => [
    { name: 'after cost', values: of(net), color: 1 },
    { name: 'before cost', values: of(gross), color: 2, look: 'faint' as const },
    ...(hasBenchmark ? [{ name: 'benchmark', values: of(bench), color: 3 }] : []),
  ];
  const excess = net.map((r, i) => r - bench[i]!);
  const before = gross.map((r, i) => r - bench[i]!);
  const relative = net.map((r, i) => (1 + r) / (1 + bench[i]!) - 1);
  return html`<div class="pair">${lineChart({
    title: 'Cumulative return, compounded',
    note: 'product of 1 + return: what money would have become',
    times,
    lines: lines(compounded),
    kind: 'percent',
  })}${lineChart({
    title: 'Cumulative return, summed',
    note: "sum of returns: qlib's, as if the same amount were invested anew each step",
    times,
    lines: lines(summed),
    kind: 'percent',
  })}${
    hasBenchmark &&
    lineChart({
      title: 'Excess over the benchmark, summed',
      note: "sum of return − benchmark: what qlib's figures are made from",
      times,
      lines: [
        { name: 'after cost', values: summed(excess), color: 1 },
        { name: 'before cost', values: summed(before), color: 2, look: 'faint' },
      ],
      kind: 'percent',
    })
  }${lineChart({
    title: 'Drawdown, compounded',
    note: 'distance to the highest wealth so far, after cost',
    times,
    lines: [
      { name: 'portfolio', values: drawdown(net), color: 6, look: 'area' },
      ...(hasBenchmark
        ? [
            { name: 'relative to the benchmark', values: drawdown(relative), color: 1 },
            { name: 'benchmark', values: drawdown(bench), color: 3, look: 'faint' as const },
          ]
        : []),
    ],
    kind: 'percent',
  })}</div>${drawdownTable(data)}${monthTable({
    title: 'Months: return after cost, compounded',
    times,
    values: net,
    gather: product,
    full: 0.1,
    format: percent,
  })}${
    hasBenchmark &&
    monthTable({
      title: 'Months: return after cost relative to the benchmark, compounded',
      times,
      values: relative,
      gather: product,
      full: 0.05,
      format: percent,
    })
  }${lineChart({
    title: 'Turnover',
    note: `money traded as a share of the account, a step of ${freq}; sales and purchases both count`,
    times,
    lines: [{ name: 'turnover', values: data.turnover, color: 5, look: 'bars' }],
    kind: 'percent',
  })}`;
}

function product(values: readonly number[]): number {
  return values.reduce((wealth, r) => wealth * (1 + r), 1) - 1;
}

const shown = 5;

/** The deepest stretches below an earlier height. */
function drawdownTable({ times, net }: PortfolioData): Html {
  const deepest = drawdowns(net)
    .sort((a, b) => a.depth - b.depth)
    .slice(0, shown);
  return table({
    title: 'Deepest drawdowns after cost, compounded',
    head: ['from', 'lowest on', 'made up on', 'depth', 'steps down', 'steps in all'],
    rows: deepest.map(({ from, bottom, recovered, depth }) => [
      formatTime(times[from]!),
      formatTime(times[bottom]!),
      recovered === null ? 'not yet' : formatTime(times[recovered]!),
      percent(depth),
      String(bottom - from + 1),
      String((recovered ?? times.length) - from),
    ]),
  });
}
