import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatTime, type Time } from '../../../components/core/dates.ts';

export interface TestBin {
  /** Calendar index of the first value. */
  readonly start: number;
  readonly values: readonly number[];
}

/** A data folder in qlib's layout with `days` weekdays from 2020-01-01 on, made of bins by instrument and field. */
export class TestMarket {
  readonly folder = mkdtempSync(join(tmpdir(), 'qrun-data-'));
  readonly times: readonly Time[];

  constructor(days: number, bins: Readonly<Record<string, Readonly<Record<string, TestBin>>>>) {
    const times: Time[] = [];
    for (let time = Date.UTC(2020, 0, 1); times.length < days; time += 86_400_000)
      if (![0, 6].includes(new Date(time).getUTCDay())) times.push(time);
    this.times = times;
    this.write('calendars/day.txt', `${times.map(formatTime).join('\n')}\n`);
    for (const [instrument, fields] of Object.entries(bins))
      for (const [field, { start, values }] of Object.entries(fields))
        this.write(
          `features/${instrument.toLowerCase()}/${field}.day.bin`,
          new Uint8Array(Float32Array.of(start, ...values).buffer),
        );
    this.market(
      'all',
      Object.keys(bins).map((name) => `${name}\t${this.day(0)}\t${this.day(days - 1)}`),
    );
  }

  day(index: number): string {
    return formatTime(this.times[index]!);
  }

  market(name: string, lines: readonly string[]): void {
    this.write(`instruments/${name}.txt`, `${lines.join('\n')}\n`);
  }

  write(path: string, content: string | Uint8Array): void {
    const file = join(this.folder, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, content);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A walk of prices from a seed, with a gap now and then. */
export function prices(seed: number, days: number): number[] {
  let state = seed >>> 0;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  let price = 20 + 50 * random();
  return Array.from({ length: days }, () => {
    price *= 1 + 0.05 * (random() - 0.5);
    return random() < 0.03 ? Number.NaN : Math.fround(price);
  });
}
