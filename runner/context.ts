import { readFile } from 'node:fs/promises';
import { catalogue } from '../components/catalogue.ts';
import { type ComponentKinds, type Context, type MemoryLimits, regions } from '../components/core/context.ts';
import { type KeyPath, UserError } from '../components/core/errors.ts';
import type { Log } from '../components/core/log.ts';
import type { WorkerPool } from '../components/core/workers.ts';
import type { DataProvider } from '../components/data/provider.ts';
import { recordCatalogue } from '../records/catalogue.ts';
import type { RecordContext } from '../records/record.ts';
import { isSpec, resolveComponent, type Workflow } from './config/index.ts';

/** Everything that a `class:` in a workflow may name. */
export const fullCatalogue = [...catalogue, ...recordCatalogue];

/** Where a class is looked for when the config names no module, as qlib has it. */
const defaultModules: Readonly<Record<string, string>> = {
  processor: 'qlib.data.dataset.processor',
  loader: 'qlib.data.dataset.loader',
  record: 'qlib.workflow.record_temp',
};

export interface ContextOptions {
  readonly workflow: Pick<Workflow, 'folder' | 'searchPaths'>;
  readonly regionName: string;
  readonly data: DataProvider;
  readonly pool: WorkerPool;
  readonly log: Log;
  readonly seed: number;
  readonly now: () => number;
  /** OMP_NUM_THREADS, see `blasThreadsOf`. */
  readonly blasThreads: number;
  readonly memory?: MemoryLimits | undefined;
  /** What records get besides; see RecordContext. */
  readonly extra?: Partial<RecordContext>;
}

/** The context of a run; `build` finds classes in the catalogues and in the user's own files beside the workflow. */
export function createContext({
  workflow,
  regionName,
  data,
  pool,
  log,
  seed,
  now,
  blasThreads,
  memory,
  extra = {},
}: ContextOptions): Context {
  const { folder, searchPaths } = workflow;
  const context: Context = {
    region: regions[regionName]!,
    data,
    pool,
    log,
    seed,
    now,
    blasThreads,
    ...(memory ? { memory } : {}),
    loadFile: async (file) =>
      (await import('../records/codec/codec.ts')).decodeObject(file, await readFile(file)),
    ...extra,
    async build<K extends keyof ComponentKinds>(
      kind: K,
      spec: unknown,
      path: KeyPath,
    ): Promise<ComponentKinds[K]> {
      if (!isSpec(spec)) return spec as ComponentKinds[K];
      try {
        const defaultModule = defaultModules[kind];
        const options = {
          catalogue: fullCatalogue,
          folder,
          searchPaths,
          ...(defaultModule ? { defaultModule } : {}),
        };
        const { definition, kwargs } = await resolveComponent(kind, spec, options);
        return await withinKwargs(
          async () => (await definition.create(kwargs, context)) as ComponentKinds[K],
        );
      } catch (error) {
        throw error instanceof UserError ? error.within(path) : error;
      }
    },
  };
  return context;
}

/** Errors of a component speak of its kwargs. */
async function withinKwargs<T>(create: () => Promise<T>): Promise<T> {
  try {
    return await create();
  } catch (error) {
    throw error instanceof UserError ? error.within(['kwargs']) : error;
  }
}

/** qlib's linear figures hang on the number of BLAS threads in their last digits. Two, whatever the machine, so that runs are equal everywhere. */
const usualBlasThreads = 2;

/** The number of BLAS threads whose rounding is followed: what OMP_NUM_THREADS says, as for qlib. */
export function blasThreadsOf(env: Readonly<Record<string, string | undefined>>): number {
  const count = Number(env['OMP_NUM_THREADS']);
  return Number.isInteger(count) && count >= 1 ? count : usualBlasThreads;
}
