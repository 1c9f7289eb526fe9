import { allocate, denseValues } from '../../core/panel.ts';
import type { Definition } from '../../core/registry.ts';
import type { Processor } from '../types.ts';
import { kwargsSchema } from './schema.ts';

export interface HighFreqTransOptions {
  readonly dtype?: string;
}

/**
 * Turns every column into int8 (`dtype: bool`, the default: fractions are cut off, 200 becomes -56, what is missing or infinite 0) or float32.
 * Source: qlib contrib/data/highfreq_processor.py.
 */
export const HighFreqTrans: Definition<Processor, HighFreqTransOptions> = {
  name: 'HighFreqTrans',
  schema: kwargsSchema({
    dtype: { type: 'string', description: 'bool: whole numbers of 8 bits; else float32' },
  }),
  create: ({ dtype = 'bool' }) => ({
    apply: (panel) =>
      panel.withColumns(
        panel.columns.map((column) => {
          const x = denseValues(column);
          if (dtype !== 'bool' && x instanceof Float32Array) return { ...column, values: x, rows: null };
          const values = allocate('f32', x.length);
          if (dtype === 'bool') values.set(Int8Array.from(x));
          else values.set(x);
          return { ...column, values, rows: null };
        }),
      ),
  }),
};
