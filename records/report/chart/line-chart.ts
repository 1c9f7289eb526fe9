import { formatTime, type Time } from '../../../components/core/dates.ts';
import { formatNumber, type NumberKind } from '../format.ts';
import { type Content, dataBlock, type Html, html } from '../html.ts';
import { edge, niceScale, type Range, rangeOf, timeTicks } from './scale.ts';
import { drawnPoints } from './thin.ts';

export interface Line {
  readonly name: string;
  readonly values: ArrayLike<number>;
  /** 1 .. 6: a colour of the page. */
  readonly color: number;
  readonly look?: 'line' | 'faint' | 'area' | 'bars';
}

export interface LineChartOptions {
  readonly title: string;
  readonly note?: Content;
  readonly times: ArrayLike<Time>;
  readonly lines: readonly Line[];
  readonly kind: NumberKind;
  /** Values that the axis must show, such as 0. */
  readonly include?: readonly number[];
}

const width = 1000;
const height = 300;

/**
 * A chart of lines over time, at equal distances. The drawing is stretched to the width there is; labels are HTML, so that they keep their
 * size on a phone. NaN leaves a gap. The numbers go along for the page's script, which shows those under the pointer.
 */
export function lineChart({ title, note, times, lines, kind, include = [0] }: LineChartOptions): Html {
  const points = drawnPoints(lines.map((l) => l.values));
  const at = (values: ArrayLike<number>) => Float64Array.from(points, (i) => values[i]!);
  const drawn = lines.map((line) => ({ ...line, values: at(line.values) }));
  const shownTimes = at(times);
  const { range, ticks } = niceScale(
    rangeOf(
      drawn.map((l) => l.values),
      include,
    ),
  );
  const zero = range.low <= 0 && range.high >= 0 ? y(0, range) : undefined;
  const label = `${title}: ${lines.map((l) => l.name).join(', ')}`;
  return html`<figure class="chart"><figcaption><h3>${title}</h3>${note && html`<p>${note}</p>`}${legend(lines)}</figcaption>
<div class="plot"><div class="ylabels">${ticks.map((t) => html`<span style="bottom:${share(t.at)}">${axisNumber(t.value, kind, (ticks[1]?.value ?? 1) - (ticks[0]?.value ?? 0))}</span>`)}</div>
<div class="area"><svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${label}">${ticks.map((t) => html`<path class="grid" d="M0 ${round(height * (1 - t.at))}H${width}"/>`)}${zero !== undefined && html`<path class="zero" d="M0 ${round(zero)}H${width}"/>`}${drawn.map((line) => shape(line, range))}</svg>
${timeTicks(shownTimes).map((t, i) => html`<span class="x${i % 2 ? ' odd' : ''}${edge(t.at)}" style="left:${share(t.at)}">${t.label}</span>`)}<div class="cursor"></div></div>
${dataBlock({ kind, times: Array.from(shownTimes, formatTime), lines: drawn.map(({ name, color, values }) => ({ name, color, values: Array.from(values, shortened) })) })}</div></figure>`;
}

function legend(lines: readonly Line[]): Html | false {
  return (
    lines.length > 1 &&
    html`<ul class="legend">${lines.map((l) => html`<li class="c${l.color}${l.look === 'faint' ? ' faint' : ''}">${l.name}</li>`)}</ul>`
  );
}

function shape({ values, color, look = 'line' }: Line, range: Range): Html {
  if (look === 'bars') return html`<path class="bars c${color}" d="${bars(values, range)}"/>`;
  const line = path(values, range);
  const base = y(Math.min(Math.max(0, range.low), range.high), range);
  if (look === 'area')
    return html`<path class="fill c${color}" d="${line === '' ? '' : area(values, range, base)}"/><path class="line c${color}" d="${line}"/>`;
  return html`<path class="line c${color}${look === 'faint' ? ' faint' : ''}" d="${line}"/>`;
}

const x = (i: number, n: number) => (n > 1 ? (i / (n - 1)) * width : width / 2);
const y = (value: number, { low, high }: Range) => height * (1 - (value - low) / (high - low));

function path(values: ArrayLike<number>, range: Range): string {
  let out = '';
  let down = false;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) {
      down = false;
      continue;
    }
    out += `${down ? 'L' : 'M'}${round(x(i, values.length))} ${round(y(value, range))}`;
    down = true;
  }
  return out;
}

/** The line closed down to the base; gaps count as the base. */
function area(values: ArrayLike<number>, range: Range, base: number): string {
  let out = `M0 ${round(base)}`;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    out += `L${round(x(i, values.length))} ${round(Number.isFinite(value) ? y(value, range) : base)}`;
  }
  return `${out}L${width} ${round(base)}Z`;
}

function bars(values: ArrayLike<number>, range: Range): string {
  const base = y(Math.min(Math.max(0, range.low), range.high), range);
  let out = '';
  for (let i = 0; i < values.length; i++)
    if (Number.isFinite(values[i]!))
      out += `M${round(x(i, values.length))} ${round(base)}V${round(y(values[i]!, range))}`;
  return out;
}

const round = (v: number) => String(Math.round(v * 10) / 10);
const share = (v: number) => `${round(v * 100)}%`;

/** Six digits do for looking at. */
function shortened(v: number): number | null {
  return Number.isFinite(v) ? Number(v.toPrecision(6)) : null;
}

/** A label with as many decimals as its distance to the next one asks for. */
function axisNumber(value: number, kind: NumberKind, step: number): string {
  if (kind === 'money' || kind === 'whole') return formatNumber(value, kind);
  const size = kind === 'percent' ? step * 100 : step;
  const digits = Math.max(0, Math.min(6, Math.ceil(-Math.log10(size) - 1e-9) + (isHalf(size) ? 1 : 0)));
  const text = (kind === 'percent' ? value * 100 : value).toFixed(digits).replace(/^-(?=[0.]*$)/, '');
  return `${text.replace(/^-/, '−')}${kind === 'percent' ? ' %' : ''}`;
}

/** 2.5, 0.25: a digit more. */
function isHalf(step: number): boolean {
  return (step / 10 ** Math.floor(Math.log10(step) + 1e-9)).toFixed(1) === '2.5';
}
