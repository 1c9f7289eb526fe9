import type { Surface } from '../../../components/eval/cost-surface.ts';
import { heatCell, table } from '../chart/tables.ts';
import { decimal, money } from '../format.ts';
import { type Html, html } from '../html.ts';

/** A table of Sharpe ratios over cost and delay for each capital. */
export function surfaceSection(surface: Surface, account: number, hasBenchmark: boolean): Html {
  const { costs, delays, capitals } = surface;
  const values = hasBenchmark ? surface.excess : surface.sharpe;
  return html`<p>${`Sharpe ratio a year of the ${hasBenchmark ? 'excess ' : ''}return after cost, if the same orders had been dealt at other fees, so many trading days later (+1 d), or with other amounts of money. Each day is put in relation to the recorded account. Money moves prices by σ √(shares / volume), σ and volume from the 20 days before.`}</p>
<div class="pair">${capitals.map((capital, k) =>
    table({
      title:
        capital === 0
          ? 'too little money to move a price'
          : `capital × ${capital}: ${money(account * capital)}`,
      head: ['fees', ...delays.map((d) => (d === 0 ? 'at once' : `+${d} d`))],
      rows: costs.map((cost, c) => [
        cost === 1 ? '× 1, as was' : `× ${cost}`,
        ...delays.map((_, d) => {
          const value = values[(c * delays.length + d) * capitals.length + k]!;
          return heatCell(value, 3, decimal(value));
        }),
      ]),
    }),
  )}</div>`;
}
