import type { Values } from '../../core/panel.ts';
import type { Definition } from '../../core/registry.ts';
import { mean, medianOfPresent, presentValues, roundingOf, sampleStd } from '../../core/stats.ts';
import type { Processor } from '../types.ts';
import { columnProcessor } from './column-processor.ts';
import { eachDay } from './each-day.ts';
import { fieldsGroupSchema, kwargsSchema } from './schema.ts';

export interface CSZScoreNormOptions {
  readonly fields_group?: string | null | readonly (string | null)[];
  readonly method?: 'zscore' | 'robust';
}

/**
 * Standardises each column within each day. `zscore`: (x - mean) / std with divisor n - 1; `robust`: (x - median) / MAD / 1.4826, cut
 * to [-3, 3]. Missing values stay missing; a day with one value, or with equal values, becomes NaN.
 * Source: qlib `CSZScoreNorm`, computed in the column's precision as pandas does.
 */
export const CSZScoreNorm: Definition<Processor, CSZScoreNormOptions> = {
  name: 'CSZScoreNorm',
  schema: kwargsSchema({
    fields_group: {
      anyOf: [fieldsGroupSchema, { type: 'array', items: fieldsGroupSchema }],
      description: 'group or groups of columns; null: all columns',
    },
    method: { enum: ['zscore', 'robust'] },
  }),
  create: ({ fields_group = null, method = 'zscore' }) => {
    const work = method === 'zscore' ? zscoreInto : robustInto;
    return columnProcessor<undefined>({
      fieldsGroup: fields_group,
      map(x, _, index, out) {
        eachDay(index, (from, to) => work(x, out, from, to));
        return out;
      },
    });
  },
};

function zscoreInto(x: Values, out: Values, from: number, to: number): void {
  const round = roundingOf(x);
  const center = mean(x, from, to);
  const spread = sampleStd(x, from, to);
  for (let i = from; i < to; i++) out[i] = round(x[i]! - center) / spread;
}

function robustInto(x: Values, out: Values, from: number, to: number): void {
  const round = roundingOf(x);
  const scale = round(1.4826);
  const center = medianOfPresent(presentValues(x, from, to));
  for (let i = from; i < to; i++) out[i] = x[i]! - center;
  const deviations = presentValues(out, from, to);
  for (let i = 0; i < deviations.length; i++) deviations[i] = Math.abs(deviations[i]!);
  const deviation = medianOfPresent(deviations);
  for (let i = from; i < to; i++) {
    out[i] = round(round(out[i]! / deviation) / scale);
    if (out[i]! > 3) out[i] = 3;
    else if (out[i]! < -3) out[i] = -3;
  }
}
