import { readFileSync, writeFileSync } from 'node:fs';
import { formatTime, parseTime } from '../../components/core/dates.ts';
import { UserError } from '../../components/core/errors.ts';
import { openData } from '../../components/data/folder-provider.ts';

/** Our side of random_expressions.mjs: DATA REQUEST OUT; writes rows `{instrument: {day: value}}` or an error for each expression. */
const [data = '', request = '', out = ''] = process.argv.slice(2);
const asked = JSON.parse(readFileSync(request, 'utf8')) as {
  readonly expressions: readonly string[];
  readonly instruments: readonly string[];
  readonly start: string;
  readonly end: string;
  readonly freq?: string;
};
const provider = openData(data);
const lines: string[] = [];
for (const expression of asked.expressions) {
  try {
    const { index, columns } = await provider.features({
      instruments: asked.instruments,
      fields: [{ group: null, name: 'x', expression }],
      start: parseTime(asked.start)!,
      end: parseTime(asked.end)!,
      freq: asked.freq ?? 'day',
    });
    const values: Record<string, number | null> = {};
    for (let t = 0; t < index.times.length; t++)
      for (let row = index.offsets[t]!; row < index.offsets[t + 1]!; row++) {
        const value = columns[0]!.values[row]!;
        // JSON has no infinities
        const kept = Number.isNaN(value) ? null : Number.isFinite(value) ? value : Math.sign(value) * 1e300;
        values[`${index.instruments[index.codes[row]!]} ${formatTime(index.times[t]!)}`] = kept;
      }
    lines.push(JSON.stringify({ values }));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    lines.push(JSON.stringify({ error: error.message }));
  }
}
writeFileSync(out, lines.join('\n'));
