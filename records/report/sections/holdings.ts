import { lineChart } from '../chart/line-chart.ts';
import { table } from '../chart/tables.ts';
import type { Holdings } from '../data/holdings.ts';
import { percent, whole } from '../format.ts';
import { type Html, html } from '../html.ts';

const shown = 15;

/** Number of positions, cash, and the largest of them. */
export function holdingsSection(holdings: Holdings): Html {
  const { times, count, cashShare, largest, instruments } = holdings;
  const list = (title: string, of: 'lastWeight' | 'meanWeight') => {
    const key = (h: (typeof instruments)[number]) =>
      of === 'lastWeight' ? h.lastWeight : h.meanWeight * h.steps;
    const top = instruments
      .filter((h) => key(h) > 0)
      .sort((a, b) => key(b) - key(a) || (a.instrument < b.instrument ? -1 : 1))
      .slice(0, shown);
    return table({
      title,
      head: ['instrument', of === 'lastWeight' ? 'weight' : 'mean weight', 'largest weight', 'steps held'],
      rows: top.map((h) => [
        h.instrument,
        percent(of === 'lastWeight' ? h.lastWeight : h.meanWeight, 2),
        percent(h.maxWeight, 2),
        whole(h.steps),
      ]),
    });
  };
  return html`<div class="pair">${lineChart({
    title: 'Number of positions',
    times,
    lines: [{ name: 'positions', values: count, color: 1 }],
    kind: 'whole',
  })}${lineChart({
    title: 'Exposure',
    note: 'shares of the account at the end of each step',
    times,
    lines: [
      { name: 'invested', values: cashShare.map((c) => 1 - c), color: 1 },
      { name: 'cash', values: cashShare, color: 3 },
      { name: 'largest position', values: largest, color: 2 },
    ],
    kind: 'percent',
  })}${list('Largest positions at the end', 'lastWeight')}${list('Held most, weight times steps', 'meanWeight')}</div>`;
}
