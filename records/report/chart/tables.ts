import { type Content, Html, html } from '../html.ts';

export interface TableOptions {
  readonly title?: string;
  readonly note?: Content;
  /** Heads of the columns; the first one stands over the row labels. */
  readonly head: readonly Content[];
  readonly rows: readonly (readonly Content[])[];
}

/** A table, its first column row labels, the others figures to the right. */
export function table({ title, note, head, rows }: TableOptions): Html {
  return html`<figure class="table">${title && html`<figcaption><h3>${title}</h3>${note && html`<p>${note}</p>`}</figcaption>`}<div class="scroll" tabindex="0"><table><thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead><tbody>${rows.map(([label, ...cells]) => html`<tr${isPart(cells) ? new Html(' class="part"') : ''}><th scope="row">${label}</th>${cells.map((cell) => (isCell(cell) ? cell : html`<td>${cell}</td>`))}</tr>`)}</tbody></table></div></figure>`;
}

/** A row of nothing but its label heads those below it. */
function isPart(cells: readonly Content[]): boolean {
  return cells.length > 0 && cells.every((cell) => cell === '');
}

function isCell(cell: Content): cell is Html {
  return typeof cell === 'object' && cell !== null && 'text' in cell && cell.text.startsWith('<td');
}

/** A cell on a ground whose colour says how far above or below 0 the value is, full at `full`. */
export function heatCell(value: number, full: number, text: string): Html {
  if (!Number.isFinite(value)) return html`<td class="none">${text}</td>`;
  const strength = Math.round(Math.min(1, Math.abs(value) / (full || 1)) * 60);
  return html`<td class="heat ${value < 0 ? 'neg' : 'pos'}" style="--s:${strength}%">${text}</td>`;
}
