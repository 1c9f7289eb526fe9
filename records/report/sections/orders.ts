import { lineChart } from '../chart/line-chart.ts';
import { table } from '../chart/tables.ts';
import type { OrdersData } from '../data/orders.ts';
import type { PortfolioData } from '../data/portfolio.ts';
import { basisPoints, money, percent, whole } from '../format.ts';
import { type Content, type Html, html } from '../html.ts';

const meanings: Readonly<Record<string, string>> = {
  suspended: 'no trade of the instrument on that step',
  limit: 'price at its limit',
  volume: 'more than the volume limit allows',
  cash: 'not enough cash',
  holding: 'more than is held',
  unit: 'rounded down to whole trade units',
};

/** Costs over time, and orders by direction and by what cut them. */
export function ordersSection(portfolio: PortfolioData, orders: OrdersData | undefined): Html {
  const cost = portfolio.totalCost;
  return html`<div class="pair">${lineChart({
    title: 'Costs since the start',
    times: portfolio.times,
    lines: [{ name: 'costs', values: cost, color: 6, look: 'area' }],
    kind: 'money',
  })}${
    orders
      ? html`<div>${directionTable(orders)}${reasonTable(orders)}</div>`
      : html`<p>The run has no orders.parquet: it was made by Python qlib or an earlier version.</p>`
  }</div>`;
}

function directionTable(orders: OrdersData): Html {
  const row = (label: string, keep: (i: number) => boolean): Content[] => {
    let [count, full, none, value, fee] = [0, 0, 0, 0, 0];
    for (let i = 0; i < orders.count; i++) {
      if (!keep(i)) continue;
      count++;
      if (orders.reasons[i] === null) full++;
      if (!(orders.filled[i]! > 0)) none++;
      value += orders.value[i]! || 0;
      fee += orders.fee[i]! || 0;
    }
    return [
      label,
      whole(count),
      percent(full / count),
      percent(none / count),
      money(value),
      money(fee),
      basisPoints(fee / value),
    ];
  };
  return table({
    title: 'Orders',
    head: ['', 'orders', 'filled as asked', 'not filled', 'money', 'fees', 'fees / money'],
    rows: [
      row('purchases', (i) => orders.isBuy[i]!),
      row('sales', (i) => !orders.isBuy[i]),
      row('all', () => true),
    ],
  });
}

/** Orders that were refused or cut, by the reason. */
function reasonTable(orders: OrdersData): Html {
  const reasons = [...new Set(orders.reasons.filter((r) => r !== null))].sort();
  if (reasons.length === 0) return html`<p>No order was refused or cut.</p>`;
  return table({
    title: 'Refused or cut, by what cut them last',
    head: ['reason', 'orders', 'of them not filled at all', 'filled of what was asked', ''],
    rows: reasons.map((reason) => {
      let [count, none, asked, filled] = [0, 0, 0, 0];
      for (let i = 0; i < orders.count; i++) {
        if (orders.reasons[i] !== reason) continue;
        count++;
        if (!(orders.filled[i]! > 0)) none++;
        asked += 1;
        filled += orders.asked[i]! > 0 ? orders.filled[i]! / orders.asked[i]! : 0;
      }
      return [
        reason,
        whole(count),
        whole(none),
        percent(filled / asked),
        html`<td class="text">${meanings[reason] ?? ''}</td>`,
      ];
    }),
  });
}
