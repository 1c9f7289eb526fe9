import type { Definition } from '../../core/registry.ts';
import type { Processor } from '../types.ts';
import { kwargsSchema } from './schema.ts';

/** Changes nothing: in qlib it stores the frame by instrument for quick access, which a panel does not need. Source: qlib `HashStockFormat`. */
export const HashStockFormat: Definition<Processor, Record<string, never>> = {
  name: 'HashStockFormat',
  schema: kwargsSchema({}),
  create: () => ({ apply: (panel) => panel }),
};
