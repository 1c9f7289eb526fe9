import { lineChart } from '../chart/line-chart.ts';
import { heatCell, table } from '../chart/tables.ts';
import type { AttributionData } from '../data/attribution.ts';
import { percent } from '../format.ts';
import { type Html, html } from '../html.ts';
import { summed } from '../series.ts';

/** Where the excess return comes from, over time and by group. */
export function attributionSection(data: AttributionData): Html {
  const { times, allocation, selection, interaction, total, groups } = data;
  const full = Math.max(...groups.map((g) => Math.abs(g.total)), 1e-9);
  const cell = (x: number) => heatCell(x, full, percent(x, 2));
  return html`${lineChart({
    title: 'Profit attribution, summed',
    note: 'Brinson: allocation is how groups are weighted, selection which instruments are held within them; what is invested against the benchmark, before cost',
    times,
    lines: [
      { name: 'total', values: summed(total), color: 1 },
      { name: 'allocation', values: summed(allocation), color: 2 },
      { name: 'selection', values: summed(selection), color: 4 },
      { name: 'interaction', values: summed(interaction), color: 3 },
    ],
    kind: 'percent',
  })}${table({
    title: 'By group',
    note: 'weights: means over all steps; risk: share in the variance of the excess return',
    head: [
      'group',
      'weight',
      'benchmark',
      'active',
      'allocation',
      'selection',
      'interaction',
      'total',
      'risk',
    ],
    rows: [...groups]
      .sort((a, b) => b.total - a.total)
      .map((g) => [
        g.name,
        percent(g.weight),
        percent(g.benchWeight),
        percent(g.weight - g.benchWeight),
        cell(g.allocation),
        cell(g.selection),
        cell(g.interaction),
        cell(g.total),
        percent(g.riskShare),
      ]),
  })}`;
}
