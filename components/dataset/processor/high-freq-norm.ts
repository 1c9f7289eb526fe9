import { existsSync, readdirSync } from 'node:fs';
import { UserError } from '../../core/errors.ts';
import { makeFolder } from '../../core/make-folder.ts';
import { allocate, denseValues, type Panel, type PanelColumn } from '../../core/panel.ts';
import type { Definition } from '../../core/registry.ts';
import { endOfDay } from '../time-option.ts';
import type { Processor } from '../types.ts';
import { type FitTimeOptions, fitSegmentOf } from './fit-times.ts';
import { readNpyNumber, writeNpyNumber } from './npy-number.ts';
import { fitTimeSchemas, kwargsSchema } from './schema.ts';

export interface HighFreqNormOptions extends FitTimeOptions {
  readonly feature_save_dir: string;
  readonly norm_groups: Readonly<Record<string, number>>;
}

/**
 * Normalises groups of neighbouring columns, `norm_groups: {price: 10, volume: 2}`, with one figure a group: (x - mean) / std of |x - mean| (with n), over the fit
 * segment; of groups whose name ends in `volume` log(1 + x) first. What is missing afterwards, in any column, becomes 0. Figures are kept as
 * `<feature_save_dir><group>_mean.npy` and so on, and taken from there where that folder holds something: nothing is learned then, as in qlib.
 * Source: qlib contrib/data/highfreq_processor.py; in float32, sums in float64.
 */
export const HighFreqNorm: Definition<Processor, HighFreqNormOptions> = {
  name: 'HighFreqNorm',
  schema: kwargsSchema(
    {
      ...fitTimeSchemas,
      feature_save_dir: {
        type: 'string',
        minLength: 1,
        description: 'folder of what was learned, its name with the "/" at its end',
      },
      norm_groups: {
        type: 'object',
        minProperties: 1,
        additionalProperties: { type: 'integer', minimum: 1 },
        description: 'number of columns by group, in the order of the columns',
      },
    },
    ['fit_start_time', 'fit_end_time', 'feature_save_dir', 'norm_groups'],
  ),
  create: (options) => {
    const { feature_save_dir: folder, norm_groups: groups } = options;
    const processor: Processor = {
      fitSegment: fitSegmentOf(options),
      fit(panel: Panel) {
        if (existsSync(folder) && readdirSync(folder).length > 0) return;
        makeFolder(folder);
        const { start, end } = processor.fitSegment ?? { start: null, end: null };
        const { from, to } = panel.index.range(start, endOfDay(end));
        for (const { name, columns } of grouped(panel.columns, groups)) {
          const figures = learned(
            columns.map((c) => denseValues(c).subarray(from, to)),
            isVolume(name),
          );
          for (const [figure, value] of Object.entries(figures))
            writeNpyNumber(`${folder}${name}_${figure}.npy`, value);
        }
      },
      apply(panel: Panel) {
        const changed = new Map<PanelColumn, Float32Array>();
        for (const { name, columns } of grouped(panel.columns, groups)) {
          const center = readNpyNumber(`${folder}${name}_mean.npy`);
          const spread = readNpyNumber(`${folder}${name}_std.npy`);
          for (const column of columns)
            changed.set(
              column,
              denseValues(column).map((x) =>
                Math.fround(Math.fround(bent(x, isVolume(name)) - center) / spread),
              ) as Float32Array,
            );
        }
        return panel.withColumns(
          panel.columns.map((column) => {
            const x = changed.get(column) ?? denseValues(column);
            const values = allocate('f32', x.length);
            for (let i = 0; i < x.length; i++) values[i] = Number.isNaN(x[i]!) ? 0 : x[i]!;
            return { ...column, values, rows: null };
          }),
        );
      },
    };
    return processor;
  },
};

const isVolume = (name: string) => name.endsWith('volume');

const bent = (x: number, isLog: boolean) => Math.fround(isLog ? Math.log1p(x) : x);

function grouped(columns: readonly PanelColumn[], groups: Readonly<Record<string, number>>) {
  let next = 0;
  const found = Object.entries(groups).map(([name, size]) => ({
    name,
    columns: columns.slice(next, (next += size)),
  }));
  if (next > columns.length)
    throw new UserError(`norm_groups count ${next} columns, there are ${columns.length}`, {
      path: ['norm_groups'],
    });
  return found;
}

function learned(columns: readonly ArrayLike<number>[], isLog: boolean) {
  let sum = 0;
  let count = 0;
  const each = (visit: (x: number) => void) => {
    for (const column of columns)
      for (let i = 0; i < column.length; i++) {
        const x = bent(column[i]!, isLog);
        if (!Number.isNaN(x)) visit(x);
      }
  };
  each((x) => {
    sum += x;
    count++;
  });
  const mean = Math.fround(sum / count);
  let total = 0;
  each((x) => {
    total += Math.abs(Math.fround(x - mean));
  });
  const middle = total / count;
  let squares = 0;
  each((x) => {
    squares += (Math.abs(Math.fround(x - mean)) - middle) ** 2;
  });
  const std = Math.fround(Math.sqrt(squares / count));
  let vmax = Number.NEGATIVE_INFINITY;
  let vmin = Number.POSITIVE_INFINITY;
  each((x) => {
    const value = Math.fround(Math.fround(x - mean) / std);
    vmax = Math.max(vmax, value);
    vmin = Math.min(vmin, value);
  });
  return { mean, std, vmax, vmin };
}
