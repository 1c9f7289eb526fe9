import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A bin whose values are changed in place; `day` counts from the bin's first one. */
export class FieldFile {
  constructor(readonly file: string) {}

  #change(change: (values: Float32Array) => Float32Array): void {
    const bytes = new Uint8Array(readFileSync(this.file));
    writeFileSync(this.file, new Uint8Array(change(new Float32Array(bytes.buffer)).slice().buffer));
  }

  set(day: number, value: number): void {
    this.#change((values) => values.with(day + 1, value));
  }

  scale(from: number, by: number): void {
    this.#change((values) => values.map((x, i) => (i > from ? x * by : x)));
  }

  cut(days: number): void {
    this.#change((values) => values.subarray(0, values.length - days));
  }
}

/** Eleven days of two instruments without a fault. */
export function smallMarket(folder: string): void {
  for (const part of ['calendars', 'instruments', 'features/a', 'features/b'])
    mkdirSync(join(folder, part), { recursive: true });
  const days = [2, 3, 6, 7, 8, 9, 10, 13, 14, 15, 16].map((d) => `2020-01-${String(d).padStart(2, '0')}`);
  writeFileSync(join(folder, 'calendars/day.txt'), `${days.join('\n')}\n`);
  writeFileSync(
    join(folder, 'instruments/all.txt'),
    `A\t${days[0]}\t${days.at(-1)}\nB\t${days[0]}\t${days.at(-1)}\n`,
  );
  const fields: Record<string, (i: number) => number> = {
    open: (i) => 10 + i / 10,
    close: (i) => 10.1 + i / 10,
    high: (i) => 10.5 + i / 10,
    low: (i) => 9.5 + i / 10,
    volume: (i) => 1000 + 7 * i,
    factor: () => 1,
    change: (i) => (i === 0 ? Number.NaN : 0.01),
  };
  for (const name of ['a', 'b'])
    for (const [field, value] of Object.entries(fields))
      writeFileSync(
        join(folder, 'features', name, `${field}.day.bin`),
        new Uint8Array(Float32Array.from([0, ...days.map((_, i) => value(i))]).buffer),
      );
}
