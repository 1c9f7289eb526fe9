import type { Definition } from '../../core/registry.ts';
import { mean, roundingOf } from '../../core/stats.ts';
import type { Processor } from '../types.ts';
import { columnProcessor } from './column-processor.ts';
import { eachDay } from './each-day.ts';
import { kwargsSchema } from './schema.ts';

/**
 * Replaces infinities by the mean of the day's other values of that column; missing where there is none. Treats every column.
 * Source: qlib `ProcessInf`.
 */
export const ProcessInf: Definition<Processor, Record<string, never>> = {
  name: 'ProcessInf',
  schema: kwargsSchema({}),
  create: () =>
    columnProcessor<undefined>({
      fieldsGroup: null,
      map(x, _, index, out) {
        if (out !== x) out.set(x);
        eachDay(index, (from, to) => {
          let infinite = false;
          for (let i = from; i < to; i++) if (Math.abs(out[i]!) === Number.POSITIVE_INFINITY) infinite = true;
          if (!infinite) return;
          // pandas drops the infinite rows before it sums: the others move together
          const finite = out.slice(from, to).filter((value) => Math.abs(value) !== Number.POSITIVE_INFINITY);
          const middle = roundingOf(x)(mean(finite));
          for (let i = from; i < to; i++) if (Math.abs(out[i]!) === Number.POSITIVE_INFINITY) out[i] = middle;
        });
        return out;
      },
    }),
};
