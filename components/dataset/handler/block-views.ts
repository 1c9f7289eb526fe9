import { allocate, denseColumn, Panel, type PanelColumn, type PanelIndex } from '../../core/panel.ts';
import type { ColumnSource } from '../../data/provider.ts';
import { isColumnProcessor } from '../processor/column-processor.ts';
import type { DataKey, FeatureBlock, FeatureBlocks, Processor } from '../types.ts';

export interface BlockViewsOptions {
  readonly source: ColumnSource;
  readonly shared: readonly Processor[];
  readonly infer: readonly Processor[];
  readonly learn: readonly Processor[];
  /** The learn view comes from the shared one, not from the infer view. */
  readonly isIndependent: boolean;
  /** Columns of a block. */
  readonly width: number;
  readonly onProgress: (share: number) => void;
}

/** The group of columns that come in blocks. */
const blocked = 'feature';

/** Can the processors treat features some columns at a time? They can if they treat columns one by one, or drop rows by other columns. */
export function canRunInBlocks(processors: readonly Processor[]): boolean {
  return processors.every(
    (p) => isColumnProcessor(p) || (p.dropsRowsBy !== undefined && p.dropsRowsBy !== blocked),
  );
}

/** The views of a handler whose features come in blocks: labels are processed once, and what was dropped with them is dropped from each block. */
export class BlockViews implements FeatureBlocks {
  readonly features: readonly { readonly group: string | null; readonly name: string }[];
  readonly width: number;
  readonly #options: BlockViewsOptions;
  /** All columns without values: what processors choose from. */
  readonly #all: readonly PanelColumn[];
  readonly #views: ReadonlyMap<DataKey, Panel>;
  /** Rows that a processor kept, by rows before and processor. */
  readonly #kept: Dropped;
  readonly #blocks: readonly (readonly number[])[];
  /** The values of the first block, on their way. */
  #first: Filled | undefined;

  private constructor(
    options: BlockViewsOptions,
    all: readonly PanelColumn[],
    { views, kept, blocks, first }: Labelled,
  ) {
    this.#options = options;
    this.width = options.width;
    this.#all = all;
    this.#views = views;
    this.#kept = kept;
    this.#blocks = blocks;
    this.#first = first;
    this.features = all.filter((c) => c.group === blocked).map(({ group, name }) => ({ group, name }));
  }

  /** Computes the labels and their views, and meanwhile begins with the first block. */
  static async open(options: BlockViewsOptions): Promise<BlockViews> {
    const { source, shared, infer, learn, isIndependent } = options;
    const all = source.fields.map(({ group, name }) => denseColumn(group, name, new Float32Array(0)));
    const places = source.fields.flatMap(({ group }, i) => (group === blocked ? [] : [i]));
    const values = places.map(() => allocate('f32', source.index.length));
    if (places.length > 0) await source.fill(places, values);
    const raw = new Panel(
      source.index,
      places.map((i, k) => ({ ...all[i]!, values: values[k]! })),
    );
    const blocks = blocksOf(options);
    const first = beginFirst(blocks, options);
    const kept: Dropped = new Map();
    const run = (panel: Panel, processors: readonly Processor[]) =>
      runLabels(panel, processors, { all, places, kept });
    const sharedView = await run(raw, shared);
    const inferView = await run(sharedView, infer);
    const learnView = await run(isIndependent ? sharedView : inferView, learn);
    const views = new Map([
      ['raw', raw],
      ['infer', inferView],
      ['learn', learnView],
    ] as const);
    return new BlockViews(options, all, { views, kept, blocks, first });
  }

  view(key: DataKey): Panel {
    return this.#views.get(key)!;
  }

  async each(work: (block: FeatureBlock) => Promise<void>): Promise<void> {
    const { source, shared, infer, learn, isIndependent } = this.#options;
    const first = this.#first ?? beginFirst(this.#blocks, this.#options);
    this.#first = undefined;
    const { storage } = first;
    const featurePlaces = new Map<number, number>();
    for (const [i, { group }] of source.fields.entries())
      if (group === blocked) featurePlaces.set(i, featurePlaces.size);
    let done = 0;
    for (const fields of this.#blocks) {
      const out = storage.slice(0, fields.length);
      await (done === 0 ? first.filled : fillBlock(this.#options, fields, out, done));
      const run = (view: Block, processors: readonly Processor[], reuse: boolean) =>
        runFeatures(view, processors, { all: this.#all, places: fields, kept: this.#kept, reuse });
      const raw = {
        index: source.index,
        columns: fields.map((i, k) => ({ ...this.#all[i]!, values: out[k]! })),
      };
      const sharedView = run(raw, shared, true);
      const inferView = run(sharedView, infer, !isIndependent);
      const learnView = run(isIndependent ? sharedView : inferView, learn, false);
      await work({
        places: fields.map((i) => featurePlaces.get(i)!),
        infer: inferView.columns,
        learn: learnView.columns,
      });
      done += fields.length;
    }
  }
}

/** What is known once the labels are there. */
interface Labelled {
  readonly views: ReadonlyMap<DataKey, Panel>;
  readonly kept: Dropped;
  readonly blocks: readonly (readonly number[])[];
  readonly first: Filled;
}

/** Room for the columns of any block, and the values of the first one on their way into it. */
interface Filled {
  readonly storage: readonly Float32Array[];
  readonly filled: Promise<void>;
}

/** Fields of each block: whole families where they fit. */
function blocksOf({ source, width }: BlockViewsOptions): number[][] {
  const blocks: number[][] = [];
  for (const family of source.families) {
    const own = family.filter((i) => source.fields[i]!.group === blocked);
    for (let from = 0; from < own.length; from += width) {
      const part = own.slice(from, from + width);
      const last = blocks.at(-1);
      if (last && last.length + part.length <= width) last.push(...part);
      else blocks.push(part);
    }
  }
  return blocks;
}

/** Computes the columns of a block, after `done` columns of others. */
function fillBlock(
  { source, onProgress }: BlockViewsOptions,
  fields: readonly number[],
  out: readonly Float32Array[],
  done: number,
): Promise<void> {
  const all = source.fields.filter(({ group }) => group === blocked).length;
  return source.fill(fields, out, (share) => onProgress((done + share * fields.length) / all));
}

function beginFirst(blocks: readonly (readonly number[])[], options: BlockViewsOptions): Filled {
  const widest = Math.max(...blocks.map((fields) => fields.length));
  const storage = Array.from({ length: widest }, () => allocate('f32', options.source.index.length));
  const [fields = []] = blocks;
  const filled = fillBlock(options, fields, storage.slice(0, fields.length), 0);
  // told to whoever waits for it
  filled.catch(() => {});
  return { storage, filled };
}

/** By processor and the index before it (one may stand in two places): the index after it, and the rows kept, null for all. */
type Dropped = Map<Processor, Map<PanelIndex, { readonly index: PanelIndex; readonly rows: Kept }>>;
/** Composes rows before with those that were kept. */
type Kept = ((before: Uint32Array | null) => Uint32Array) | null;

interface Block {
  readonly index: PanelIndex;
  readonly columns: readonly PanelColumn[];
}

interface Among {
  readonly all: readonly PanelColumn[];
  /** Places of the columns at hand among all. */
  readonly places: readonly number[];
  readonly kept: Dropped;
}

/** Runs processors over columns that do not come in blocks, and notes which rows were dropped. */
async function runLabels(panel: Panel, processors: readonly Processor[], among: Among): Promise<Panel> {
  let current = panel;
  for (const processor of processors) {
    if (isColumnProcessor(processor)) {
      const { index } = current;
      current = new Panel(index, runFeatures(current, [processor], { ...among, reuse: false }).columns);
      continue;
    }
    const marked = current.withColumns([...current.columns, marker]);
    const after = await processor.apply(marked);
    const { rows } = after.columns.at(-1)!;
    const known: ReturnType<Dropped['get']> = among.kept.get(processor) ?? new Map();
    among.kept.set(processor, known);
    known.set(current.index, { index: after.index, rows: rows && composer(rows) });
    current = after.withColumns(after.columns.slice(0, -1));
  }
  return current;
}

/** A column of no values, which learns the rows that are kept. */
const marker = denseColumn('kept rows', '', new Float32Array(0));

function runFeatures(
  block: Block,
  processors: readonly Processor[],
  { all, places, kept, reuse }: Among & { readonly reuse: boolean },
): Block {
  let { index, columns } = block;
  for (const processor of processors) {
    if (isColumnProcessor(processor)) {
      const chosen = processor.chosen(all);
      columns = columns.map((column, k) => {
        if (!chosen[places[k]!]) return column;
        processor.fitColumn?.(column, index);
        return processor.mapColumn(column, index, reuse && column.rows === null);
      });
      continue;
    }
    const after = kept.get(processor)?.get(index);
    if (!after) throw new Error('rows were dropped from features before labels');
    index = after.index;
    const { rows } = after;
    if (rows) columns = columns.map((column) => ({ ...column, rows: rows(column.rows) }));
  }
  return { index, columns };
}

/** Rows kept of rows kept before; equal ones are made once. */
function composer(rows: Uint32Array): Kept {
  const known = new Map<Uint32Array, Uint32Array>();
  return (before) => {
    if (!before) return rows;
    let composed = known.get(before);
    if (!composed) {
      composed = new Uint32Array(new SharedArrayBuffer(rows.length * 4));
      for (let i = 0; i < rows.length; i++) composed[i] = before[rows[i]!]!;
      known.set(before, composed);
    }
    return composed;
  };
}
