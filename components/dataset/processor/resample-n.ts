import type { Context } from '../../core/context.ts';
import { dayMs, formatTime } from '../../core/dates.ts';
import { UserError } from '../../core/errors.ts';
import { allocate, denseValues, Panel, PanelIndex } from '../../core/panel.ts';
import type { Definition } from '../../core/registry.ts';
import { parseFrequency } from '../../data/frequency.ts';
import type { InstProcessor } from '../types.ts';
import { kwargsSchema } from './schema.ts';

export interface ResampleNOptions {
  readonly target_frq: string;
}

/**
 * Makes a row a day out of minutes: of each column the day's last value that is there.
 * Source: `features_resample_N.py` of qlib's LightGBM benchmark, `df.resample("1d").last()`; days are the only target here.
 */
export const ResampleNProcessor: Definition<InstProcessor, ResampleNOptions> = {
  name: 'ResampleNProcessor',
  schema: kwargsSchema({ target_frq: { type: 'string', description: '1d' } }, ['target_frq']),
  check: ({ target_frq }) => {
    const { count, base } = parseFrequency(target_frq);
    if (count !== 1 || base !== 'day')
      throw new UserError(`target_frq ${target_frq} is not supported`, {
        hint: 'allowed: 1d; bars of several minutes need a calendar and bins of their own',
        path: ['target_frq'],
      });
  },
  create: () => ({ apply: (panel, instrument) => byDay(panel, instrument, () => true) }),
};

export interface Resample1minOptions {
  readonly hour: number;
  readonly minute: number;
}

/**
 * Makes a row a day out of minutes: that of one minute. Days without it have none.
 * Source: `features_sample.py` of qlib's LightGBM benchmark.
 */
export const Resample1minProcessor: Definition<InstProcessor, Resample1minOptions> = {
  name: 'Resample1minProcessor',
  schema: kwargsSchema(
    {
      hour: { type: 'integer', minimum: 0, maximum: 23 },
      minute: { type: 'integer', minimum: 0, maximum: 59 },
    },
    ['hour', 'minute'],
  ),
  create: ({ hour, minute }, _: Context) => {
    const place = (hour * 60 + minute) * 60_000;
    return { apply: (panel, instrument) => byDay(panel, instrument, (time) => time % dayMs === place) };
  },
};

/** Rows of one instrument, those that count, as one a day: the last value there is. */
function byDay(panel: Panel, instrument: string, counts: (time: number) => boolean): Panel {
  const { times } = panel.index;
  if (times.length !== panel.length)
    throw new Error(`${instrument} has several rows at ${formatTime(times[0]!)}`);
  const rows: number[] = [];
  const days: number[] = [];
  times.forEach((time, row) => {
    if (!counts(time)) return;
    const day = Math.floor(time / dayMs) * dayMs;
    if (days.at(-1) !== day) days.push(day);
    rows.push(row);
  });
  const codes = new Int32Array(new SharedArrayBuffer(4 * days.length));
  const offsets = Int32Array.from({ length: days.length + 1 }, (_, i) => i);
  const index = new PanelIndex(Float64Array.from(days), offsets, [instrument], codes);
  const columns = panel.columns.map((column) => {
    const x = denseValues(column);
    const values = allocate(x instanceof Float32Array ? 'f32' : 'f64', days.length).fill(Number.NaN);
    let place = -1;
    let last = Number.NaN;
    for (const row of rows) {
      const day = Math.floor(times[row]! / dayMs) * dayMs;
      if (day !== last) place++;
      last = day;
      if (!Number.isNaN(x[row]!)) values[place] = x[row]!;
    }
    return { group: column.group, name: column.name, values, rows: null };
  });
  return new Panel(index, columns);
}
