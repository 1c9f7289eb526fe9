import type { Context } from '../../components/core/context.ts';
import type { Panel } from '../../components/core/panel.ts';
import type { DataProvider } from '../../components/data/provider.ts';
import type { Processor, Segment } from '../../components/dataset/types.ts';

/** Sees the panel before the first and after each processor of a handler. */
export type Visit = (place: string, name: string, panel: Panel, before: Panel) => void;

/** A processor whose results are seen. It is no column processor any more, so that handlers run it alone. */
class TracedProcessor implements Processor {
  readonly #inner: Processor;
  readonly #visit: (panel: Panel, before: Panel) => void;

  constructor(inner: Processor, visit: (panel: Panel, before: Panel) => void) {
    this.#inner = inner;
    this.#visit = visit;
  }

  get forInfer(): boolean {
    return this.#inner.forInfer ?? true;
  }

  /** Undefined for those that learn from no range of time. */
  get fitSegment(): Segment | null {
    return this.#inner.fitSegment as Segment | null;
  }

  set fitSegment(segment: Segment | null) {
    this.#inner.fitSegment = segment;
  }

  async fit(panel: Panel): Promise<void> {
    await this.#inner.fit?.(panel);
  }

  async apply(panel: Panel): Promise<Panel> {
    const after = await this.#inner.apply(panel);
    this.#visit(after, panel);
    return after;
  }
}

/** Lets `visit` see what each processor makes that the context builds. */
export function traceProcessors(context: Context, visit: Visit): void {
  const build = context.build.bind(context);
  const traced: Context['build'] = async (kind, spec, path) => {
    const made = await build(kind, spec, path);
    if (kind !== 'processor') return made;
    const named = typeof spec === 'object' && spec !== null && 'class' in spec ? spec.class : spec;
    const name = String(named).split('.').at(-1)!;
    const processor = new TracedProcessor(made as Processor, (panel, before) =>
      visit(path.join('.'), name, panel, before),
    );
    return processor as Processor as typeof made;
  };
  Object.assign(context, { build: traced });
}

/** A provider that remembers the expression of each field it was asked for. */
export function fieldRecorder(data: DataProvider): { data: DataProvider; expressions: Map<string, string> } {
  const expressions = new Map<string, string>();
  const recording: DataProvider = Object.assign(Object.create(data) as DataProvider, {
    features(request: Parameters<DataProvider['features']>[0]) {
      for (const { group, name, expression } of request.fields)
        expressions.set(`${group ?? ''}.${name}`, expression);
      return data.features(request);
    },
  });
  return { data: recording, expressions };
}
