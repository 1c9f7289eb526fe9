import { type Content, type Html, html } from '../html.ts';
import { edge, niceScale, rangeOf } from './scale.ts';

export interface HistogramOptions {
  readonly title: string;
  readonly note?: Content;
  readonly values: ArrayLike<number>;
  readonly color: number;
  /** About how many bars. */
  readonly bins?: number;
}

/** How often values fall into bins of round width, with marks at 0 and at their mean. NaN is left out. */
export function histogram({ title, note, values, color, bins = 24 }: HistogramOptions): Html {
  const present = Array.from(values).filter(Number.isFinite);
  const { range, ticks } = niceScale(rangeOf([present], [0]), { count: bins, whole: true });
  const counts = new Array<number>(Math.max(1, ticks.length - 1)).fill(0);
  const place = (v: number) => (v - range.low) / (range.high - range.low);
  for (const v of present)
    counts[Math.min(counts.length - 1, Math.floor(place(v) * counts.length + 1e-9))]! += 1;
  const most = Math.max(1, ...counts);
  const mean = present.reduce((sum, v) => sum + v, 0) / present.length;
  const zero = ticks.findIndex((t) => Math.abs(t.value) < 1e-12);
  const every = Math.ceil(ticks.length / 6);
  const labels = ticks.filter((_, i) => (i - zero) % every === 0);
  const bar = 1000 / counts.length;
  const left = (v: number) => `${(place(v) * 100).toFixed(1)}%`;
  return html`<figure class="chart"><figcaption><h3>${title}</h3>${note && html`<p>${note}</p>`}</figcaption>
<div class="plot"><div class="ylabels"><span style="bottom:0">0</span><span style="bottom:100%">${most}</span></div><div class="area"><svg viewBox="0 0 1000 300" preserveAspectRatio="none" role="img" aria-label="${title}"><path class="grid" d="M0 0H1000M0 300H1000"/>${counts.map((count, i) => html`<rect class="fillbar c${color}" x="${(i * bar + bar * 0.06).toFixed(1)}" y="${(300 * (1 - count / most)).toFixed(1)}" width="${(bar * 0.88).toFixed(1)}" height="${((300 * count) / most).toFixed(1)}"><title>${ticks[i]?.value.toPrecision(3)} to ${ticks[i + 1]?.value.toPrecision(3)}: ${count}</title></rect>`)}<path class="zero" d="M${(place(0) * 1000).toFixed(1)} 0V300"/>${present.length > 0 && html`<path class="mean" d="M${(place(mean) * 1000).toFixed(1)} 0V300"/>`}</svg>${labels.map((t, i) => html`<span class="x${i % 2 ? ' odd' : ''}${edge(place(t.value))}" style="left:${left(t.value)}">${String(Number(t.value.toPrecision(3))).replace('-', '−')}</span>`)}</div></div></figure>`;
}
