import type { Region } from '../core/context.ts';
import { dayMs, type Time, upperBound } from '../core/dates.ts';
import { type KeyPath, UserError } from '../core/errors.ts';
import { type Freq, parseFreq } from '../core/freq.ts';
import type { DataProvider } from '../data/provider.ts';

const minute = 60_000;
/** Opening spells by region, in minutes of the day, ends left out (qlib `utils/time.py`). */
const sessions: Readonly<Record<Region['name'], readonly (readonly [number, number])[]>> = {
  cn: [
    [570, 690],
    [780, 900],
  ],
  us: [[570, 960]],
  tw: [[540, 810]],
};

/** Trading calendars of any frequency, made from the ones the data hold. */
export class Calendars {
  readonly #known = new Map<string, Promise<Float64Array>>();

  /** @param until where nothing after that day matters, future days are not asked for */
  constructor(
    readonly data: DataProvider,
    readonly region: Region,
    readonly until: Time = Number.POSITIVE_INFINITY,
  ) {}

  /**
   * Times at which steps of `freq` begin, future days included where the data know them. Weeks begin with their
   * first session, months with theirs; `2day` is every second session of the whole calendar (qlib
   * `resam_calendar`).
   * @throws UserError where the data hold nothing fine enough
   */
  get(freq: string, path: KeyPath = []): Promise<Float64Array> {
    const { count, unit } = parseFreq(freq, path);
    const key = `${count}${unit}`;
    let known = this.#known.get(key);
    if (!known) this.#known.set(key, (known = this.#load({ count, unit }, path)));
    return known;
  }

  async #load(freq: Freq, path: KeyPath): Promise<Float64Array> {
    if (freq.unit === 'min') {
      const own = await this.#read(freq.count === 1 ? '1min' : `${freq.count}min`);
      const fine = own ?? (await this.#read('1min'));
      if (!fine)
        throw new UserError(`the data hold no calendar from which ${freq.count}min steps can be made`, {
          hint: `${this.data.folder}/calendars needs 1min.txt or ${freq.count}min.txt`,
          path,
        });
      return own ?? sampleMinutes(fine, freq.count, this.region);
    }
    const raw = (await this.#read('day')) ?? (await this.#read('1min'));
    if (!raw)
      throw new UserError('the data hold no daily calendar', {
        hint: `${this.data.folder}/calendars needs day.txt`,
        path,
      });
    return sampleDays(raw, freq);
  }

  async #read(freq: string): Promise<Float64Array | undefined> {
    try {
      const times = await this.data.calendar({ freq });
      const isEnough = this.until < (times.at(-1) ?? Number.NEGATIVE_INFINITY);
      const all = isEnough ? times : await this.data.calendar({ freq, future: true });
      return all.length > 0 ? all : undefined;
    } catch (error) {
      if (error instanceof UserError) return undefined;
      throw error;
    }
  }
}

/** First session of every `count`-th day, week or month of a calendar. */
export function sampleDays(raw: Float64Array, { count, unit }: Freq): Float64Array {
  const days = [...new Set(Array.from(raw, (t) => t - (((t % dayMs) + dayMs) % dayMs)))];
  const part = (day: number) =>
    unit === 'week' ? (new Date(day).getUTCDay() + 6) % 7 : unit === 'month' ? new Date(day).getUTCDate() : 0;
  const starts = unit === 'day' ? days : days.filter((day, i) => i === 0 || part(day) < part(days[i - 1]!));
  return Float64Array.from(starts.filter((_, i) => i % count === 0));
}

/** Minute bars gathered into bars of `count` minutes, counted from the day's opening. */
export function sampleMinutes(raw: Float64Array, count: number, region: Region): Float64Array {
  const bars = sessions[region.name]
    .flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i))
    .filter((_, i) => i % count === 0)
    .map((m) => m * minute);
  const out = new Set<number>();
  for (const time of raw) {
    const day = Math.floor(time / dayMs) * dayMs;
    const bar = upperBound(bars, time - day) - 1;
    if (bar >= 0) out.add(day + bars[bar]!);
  }
  return Float64Array.from(out);
}

/**
 * Where the step after the one that begins at the calendar's last time would begin: qlib has no answer and
 * raises.
 */
export function timeAfter(last: Time, { count, unit }: Freq): Time {
  if (unit === 'min') return last + count * minute;
  if (unit === 'day') return last + count * dayMs;
  const day = new Date(last);
  if (unit === 'week') return last + (7 * count - ((day.getUTCDay() + 6) % 7)) * dayMs;
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + count, 1);
}
