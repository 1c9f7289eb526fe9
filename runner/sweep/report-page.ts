import { shortKeys } from './leaderboard.ts';
import { luckLines, type Summary } from './show.ts';

const [width, height, top, bottom, side] = [1000, 360, 40, 20, 70];

/** A page of its own, without anything from elsewhere: parallel coordinates, leaderboard, importance, luck. */
export function reportPage(summary: Summary): string {
  const { name, id, experimentName, goal, rows, keys, importance, luck, scope, openings } = summary;
  const short = shortKeys(keys);
  const metric = goal?.metric ?? 'metric';
  const table = rows
    .map(
      (row, i) =>
        `<tr><td>${i + 1}</td><td>${row.trial + 1}</td><td>${figure(row.metric)}</td>${keys
          .map((key) => `<td>${html(row.values.get(key) ?? '-')}</td>`)
          .join(
            '',
          )}<td>${html(row.status)}</td><td><code>${row.runIds.map(html).join('<br>')}</code></td></tr>`,
    )
    .join('\n');
  const bars = importance
    .map(
      ({ key, share, correlation }) =>
        `<tr><td>${html(short.get(key)!)}</td><td><span class="bar" style="width:${(200 * share).toFixed(1)}px"></span> ${(100 * share).toFixed(1)} %</td><td>${Number.isNaN(correlation) ? '' : correlation.toFixed(2)}</td></tr>`,
    )
    .join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sweep ${html(name)}</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 1040px; padding: 0 1rem; color: #1b1f24; background: #fff; }
table { border-collapse: collapse; } th, td { text-align: left; padding: .2rem .7rem; border-bottom: 1px solid #d5d9de; } code { font-size: .85em; }
.bar { display: inline-block; height: .7em; background: #2f6fb0; } pre { background: #f4f6f8; padding: 1rem; overflow: auto; }
svg { width: 100%; height: auto; } svg text { font: 12px system-ui, sans-serif; fill: #1b1f24; } .line { fill: none; stroke-width: 1.5; opacity: .7; }
.line:hover { stroke-width: 4; opacity: 1; } .scroll { overflow: auto; }
</style>
</head>
<body>
<h1>Sweep ${html(name)}</h1>
<p>${rows.length} sets of values, sweep <code>${id}</code>, experiment ${html(experimentName)}${openings > 0 ? `; the holdout has been opened ${openings} times` : ''}</p>
${parallelCoordinates(summary)}
<h2>How much of the best is luck</h2>
<pre>${html(luckLines(luck, scope).join('\n'))}</pre>
${bars === '' ? '' : `<h2>Importance</h2>\n<table><tr><th>parameter</th><th>share of the variance of ${html(metric)}</th><th>rank correlation</th></tr>\n${bars}\n</table>`}
<h2>Leaderboard</h2>
<div class="scroll"><table><tr><th>#</th><th>point</th><th>${html(metric)}</th>${keys.map((key) => `<th title="${html(key)}">${html(short.get(key)!)}</th>`).join('')}<th>status</th><th>run</th></tr>
${table}
</table></div>
</body>
</html>
`;
}

/** An axis a parameter and one for the metric; a line a set of values, light to dark with the metric's rank. */
function parallelCoordinates({ rows, keys, goal }: Summary): string {
  const known = rows.filter((row) => !Number.isNaN(row.metric));
  if (known.length === 0) return '';
  const short = shortKeys(keys);
  const metrics = known.map((row) => row.metric);
  const axes = [
    ...keys.map((key) => ({
      name: short.get(key)!,
      ...axisOf(known.map((row) => row.values.get(key) ?? '-')),
    })),
    { name: goal?.metric ?? 'metric', ...axisOf(metrics.map(String)) },
  ];
  const x = (j: number) => side + (j * (width - 2 * side)) / Math.max(1, axes.length - 1);
  const y = (share: number) => height - bottom - share * (height - top - bottom);
  const lines = known
    .map((row, i) => {
      const rank = known.length === 1 ? 1 : 1 - i / (known.length - 1);
      const points = axes.map((axis, j) => `${x(j).toFixed(1)},${y(axis.places[i]!).toFixed(1)}`).join(' ');
      const label = `point ${row.trial + 1}: ${keys.map((key) => `${short.get(key)}=${row.values.get(key) ?? '-'}`).join(' ')}: ${figure(row.metric)}`;
      return `<polyline class="line" stroke="hsl(${(210 + 130 * (1 - rank)).toFixed(0)} 70% ${(30 + 35 * (1 - rank)).toFixed(0)}%)" points="${points}"><title>${html(label)}</title></polyline>`;
    })
    .reverse();
  const frames = axes.map(
    (axis, j) =>
      `<line x1="${x(j)}" x2="${x(j)}" y1="${top}" y2="${height - bottom}" stroke="#8a929c"/><text x="${x(j)}" y="${top - 22}" text-anchor="middle" font-weight="600">${html(axis.name)}</text>${axis.ticks
        .map(([text, share]) => `<text x="${x(j) + 5}" y="${y(share) + 4}">${html(text)}</text>`)
        .join('')}`,
  );
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Parallel coordinates of ${known.length} sets of values">${frames.join('')}${lines.join('')}</svg>`;
}

/** Where each value lies on its axis, in [0, 1]: numbers by size, by their logarithm where they span more than a hundredfold; texts in order. */
function axisOf(texts: readonly string[]): { places: number[]; ticks: [string, number][] } {
  const numbers = texts.map(Number);
  if (numbers.some(Number.isNaN)) {
    const distinct = [...new Set(texts)].sort();
    const share = (text: string) =>
      distinct.length === 1 ? 0.5 : distinct.indexOf(text) / (distinct.length - 1);
    return {
      places: texts.map(share),
      ticks: distinct.slice(0, 12).map((text) => [text.slice(0, 20), share(text)]),
    };
  }
  const isLog = Math.min(...numbers) > 0 && Math.max(...numbers) / Math.min(...numbers) > 100;
  const scaled = numbers.map((n) => (isLog ? Math.log(n) : n));
  const [low, high] = [Math.min(...scaled), Math.max(...scaled)];
  const share = (value: number) => (high === low ? 0.5 : (value - low) / (high - low));
  const ends = [...new Set([low, (low + high) / 2, high])];
  return {
    places: scaled.map(share),
    ticks: ends.map((end) => [Number((isLog ? Math.exp(end) : end).toPrecision(4)).toString(), share(end)]),
  };
}

const figure = (value: number) => (Number.isNaN(value) ? '-' : value.toFixed(6));

const html = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
