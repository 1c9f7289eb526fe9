import { Ajv } from 'ajv';
import { catalogue } from '../../../components/catalogue.ts';
import { type ComponentKinds, type Context, regions } from '../../../components/core/context.ts';
import { type KeyPath, UserError } from '../../../components/core/errors.ts';
import { silentLog } from '../../../components/core/log.ts';
import { unknownName } from '../../../components/core/nearest.ts';
import { WorkerPool } from '../../../components/core/workers.ts';
import type { DataProvider } from '../../../components/data/provider.ts';

const ajv = new Ajv({ strict: false, allErrors: true });

/** Components by class name out of the catalogue, kwargs checked by schema, over any data provider (default: none). */
export function testContext(data?: DataProvider): Context {
  const context: Context = {
    region: regions['us']!,
    pool: new WorkerPool(2),
    // the goldens were made with OMP_NUM_THREADS=1
    blasThreads: 1,
    log: silentLog,
    seed: 0,
    now: () => 0,
    data: data as DataProvider,
    async build<K extends keyof ComponentKinds>(kind: K, spec: unknown, path: KeyPath) {
      if (typeof spec !== 'string' && (spec === null || typeof spec !== 'object' || !('class' in spec)))
        return spec as ComponentKinds[K];
      const { class: name, kwargs = {} } = (typeof spec === 'string' ? { class: spec } : spec) as {
        class: string;
        kwargs?: Record<string, unknown>;
      };
      const entries = catalogue.filter((entry) => entry.kind === kind);
      const entry = entries.find((e) => e.name === name);
      if (!entry)
        throw unknownName(
          'class',
          name,
          entries.map((e) => e.name),
          path,
        );
      const definition = await entry.load();
      const validate = ajv.compile(definition.schema);
      try {
        if (!validate(kwargs)) throw new UserError(ajv.errorsText(validate.errors));
        definition.check?.(kwargs as never);
        return (await definition.create(kwargs as never, context as never)) as ComponentKinds[K];
      } catch (error) {
        throw error instanceof UserError ? error.within([...path, 'kwargs']) : error;
      }
    },
  };
  return context;
}
