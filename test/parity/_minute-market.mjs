// A minute market of made-up bars within the days of a daily folder in qlib's layout: node _minute-market.mjs DAILY OUT INSTRUMENTS DAYS. The last DAYS days of the first
// INSTRUMENTS ones; bars from 09:31 to 11:30 and from 13:01 to 15:00. Each bar's price lies between the day's open and close, so that the last close is the day's.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [daily, out, instrumentsText, daysText] = process.argv.slice(2);
const calendar = readFileSync(join(daily, 'calendars', 'day.txt'), 'utf8')
  .trim()
  .split('\n');
const days = calendar.slice(-Number(daysText));
const first = calendar.length - days.length;
const spans = readFileSync(join(daily, 'instruments', 'all.txt'), 'utf8')
  .trim()
  .split('\n');
const lines = spans.slice(0, Number(instrumentsText)).map((line) => line.split('\t'));
const two = (n) => String(n).padStart(2, '0');
const minutes = Array.from({ length: 240 }, (_, i) => (i < 120 ? 9 * 60 + 31 + i : 13 * 60 + 1 + i - 120));
const times = minutes.map((m) => `${two(Math.floor(m / 60))}:${two(m % 60)}:00`);
mkdirSync(join(out, 'calendars'), { recursive: true });
mkdirSync(join(out, 'instruments'), { recursive: true });
writeFileSync(
  join(out, 'calendars', '1min.txt'),
  `${days.flatMap((day) => times.map((time) => `${day} ${time}`)).join('\n')}\n`,
);
const until = `${days.at(-1)} 15:00:00`;
writeFileSync(
  join(out, 'instruments', 'all.txt'),
  lines.map(([name]) => `${name}\t${days[0]} 09:31:00\t${until}\n`).join(''),
);

/** Mulberry32. */
function generator(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

for (const [k, [name]] of lines.entries()) {
  const random = generator(k + 1);
  const folder = join(daily, 'features', name.toLowerCase());
  const read = (field) => {
    const bytes = readFileSync(join(folder, `${field}.day.bin`));
    const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    return (day) => values[1 + day - values[0]];
  };
  const [open, close, volume, factor] = ['open', 'close', 'volume', 'factor'].map(read);
  const length = days.length * 240;
  const fields = Object.fromEntries(
    ['open', 'close', 'high', 'low', 'volume', 'vwap', 'factor', 'change'].map((f) => [
      f,
      new Float32Array(length + 1),
    ]),
  );
  let before = Number.NaN;
  for (let d = 0; d < days.length; d++)
    for (let m = 0; m < 240; m++) {
      const at = 1 + d * 240 + m;
      const path = (share) => open(first + d) + (close(first + d) - open(first + d)) * share;
      const price = m === 239 ? close(first + d) : path((m + 1) / 240) * (1 + 0.002 * (random() - 0.5));
      const start = path(m / 240);
      fields.open[at] = start;
      fields.close[at] = price;
      fields.high[at] = Math.max(start, price) * (1 + 0.0005 * random());
      fields.low[at] = Math.min(start, price) * (1 - 0.0005 * random());
      fields.volume[at] = (volume(first + d) / 240) * (0.5 + random());
      fields.vwap[at] = (start + price) / 2;
      fields.factor[at] = factor(first + d);
      fields.change[at] = price / before - 1;
      before = price;
    }
  const to = join(out, 'features', name.toLowerCase());
  mkdirSync(to, { recursive: true });
  for (const [field, values] of Object.entries(fields))
    writeFileSync(join(to, `${field}.1min.bin`), new Uint8Array(values.buffer));
}
