import { catalogue } from '../../../components/catalogue.ts';
import { type ComponentKinds, type Context, type Region, regions } from '../../../components/core/context.ts';
import { type KeyPath, UserError } from '../../../components/core/errors.ts';
import type { Log } from '../../../components/core/log.ts';
import { unknownName } from '../../../components/core/nearest.ts';
import type { Definition } from '../../../components/core/registry.ts';
import { WorkerPool } from '../../../components/core/workers.ts';
import type { DataProvider } from '../../../components/data/provider.ts';
import { validate } from '../../../runner/config/validate.ts';

export interface TestContextOptions {
  readonly data: DataProvider;
  readonly region?: Region;
  readonly log?: Partial<Log>;
  readonly loadFile?: Context['loadFile'];
  /** Definitions beside the catalogue's. */
  readonly own?: readonly Definition<unknown, never>[];
}

/** A context whose `build` finds classes by name and checks their kwargs by schema, as the runner's does. */
export function testContext({
  data,
  region = regions['us']!,
  log = {},
  loadFile,
  own = [],
}: TestContextOptions): Context {
  const context: Context = {
    data,
    region,
    // threads start when they are asked for
    pool: new WorkerPool(1),
    log: { info() {}, warn() {}, metric() {}, progress() {}, ...log },
    seed: 0,
    now: () => 0,
    ...(loadFile ? { loadFile } : {}),
    async build<K extends keyof ComponentKinds>(kind: K, spec: unknown, path: KeyPath) {
      if (typeof spec === 'object' && spec !== null && !('class' in spec)) return spec as ComponentKinds[K];
      try {
        return (await make(kind, readSpec(spec))) as ComponentKinds[K];
      } catch (error) {
        throw error instanceof UserError ? error.within(path) : error;
      }
    },
  };
  async function make(kind: string, { name, kwargs }: { name: string; kwargs: Record<string, unknown> }) {
    const definition = await find(kind, name, own);
    const [error] = validate(definition.schema, kwargs).errors;
    if (error) throw error.within(['kwargs']);
    definition.check?.(kwargs as never);
    return definition.create(kwargs as never, context as never);
  }
  return context;
}

async function find(kind: string, name: string, own: readonly Definition<unknown, never>[]) {
  const entry = catalogue.find((e) => e.kind === kind && e.name === name);
  const definition = own.find((d) => d.name === name) ?? (await entry?.load());
  if (!definition)
    throw unknownName(
      kind,
      name,
      catalogue.map((e) => e.name),
      ['class'],
    );
  return definition;
}

function readSpec(spec: unknown): { name: string; kwargs: Record<string, unknown> } {
  if (typeof spec === 'string') return { name: spec.split('.').at(-1)!, kwargs: {} };
  const { class: name, kwargs } = spec as { class: string; kwargs?: Record<string, unknown> };
  return { name: name.split('.').at(-1)!, kwargs: { ...kwargs } };
}

/** Whether a class of that name can be built. */
export function isKnown(name: string, own: readonly Definition<unknown, never>[] = []): boolean {
  return own.some((d) => d.name === name) || catalogue.some((e) => e.name === name);
}
