import type { Definition } from '../../core/registry.ts';
import { roundingOf } from '../../core/stats.ts';
import type { Processor } from '../types.ts';
import { columnProcessor } from './column-processor.ts';
import { kwargsSchema } from './schema.ts';

/**
 * tanh(x - 1) of every column whose name does not contain LABEL. Source: qlib `TanhProcess`, which fails on columns without groups;
 * ours treats them alike.
 */
export const TanhProcess: Definition<Processor, Record<string, never>> = {
  name: 'TanhProcess',
  schema: kwargsSchema({}),
  create() {
    const all = columnProcessor<undefined>({
      fieldsGroup: null,
      map(x, _, __, out) {
        const round = roundingOf(x);
        for (let i = 0; i < x.length; i++) out[i] = Math.tanh(round(x[i]! - 1));
        return out;
      },
    });
    const chosen: typeof all.chosen = (columns) => columns.map(({ name }) => !name.includes('LABEL'));
    return {
      ...all,
      chosen,
      apply: (panel) =>
        panel.withColumns(
          panel.columns.map((c) => (c.name.includes('LABEL') ? c : all.mapColumn(c, panel.index, false))),
        ),
    };
  },
};
