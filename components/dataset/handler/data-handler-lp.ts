import type { Context } from '../../core/context.ts';
import { type KeyPath, UserError } from '../../core/errors.ts';
import { unknownName } from '../../core/nearest.ts';
import type { Panel, Values } from '../../core/panel.ts';
import type { Definition, Schema } from '../../core/registry.ts';
import { allColumns } from '../column-set.ts';
import { isColumnProcessor } from '../processor/column-processor.ts';
import type {
  ColumnSet,
  DataKey,
  DataLoader,
  FeatureBlocks,
  DataHandler as Handler,
  LearnedState,
  Processor,
} from '../types.ts';
import { BlockViews, canRunInBlocks } from './block-views.ts';
import {
  DataHandler,
  type DataHandlerOptions,
  dataHandlerProperties,
  dataLoaderSchema,
} from './data-handler.ts';
import { ownStorage, runProcessors } from './run-processors.ts';

export type ProcessType = 'append' | 'independent';
/** Bytes of a block that are not worth fewer. */
const smallBlock = 256e6;
/** How processors learn: each from what the one before made, all from the raw panel, or not at all (they know already). */
export type InitType = (typeof initTypes)[number];
const initTypes = ['fit_seq', 'fit_ind', 'load_state'] as const;

export interface DataHandlerLPOptions extends DataHandlerOptions {
  readonly infer_processors?: readonly unknown[];
  readonly learn_processors?: readonly unknown[];
  readonly shared_processors?: readonly unknown[];
  readonly process_type?: ProcessType;
  readonly drop_raw?: boolean;
}

export interface ProcessorLists {
  readonly shared: readonly Processor[];
  readonly infer: readonly Processor[];
  readonly learn: readonly Processor[];
}

const processorList: Schema = {
  type: 'array',
  items: { component: 'processor', defaultModule: 'qlib.data.dataset.processor' },
};

/** Kwargs of a DataHandlerLP beside those of every handler. */
export const dataHandlerLPProperties: Readonly<Record<string, Schema>> = {
  ...dataHandlerProperties,
  infer_processors: { ...processorList, description: 'applied for prediction (and, appended, for learning)' },
  learn_processors: { ...processorList, description: 'applied for learning' },
  shared_processors: { ...processorList, description: 'applied before the others' },
  process_type: {
    enum: ['append', 'independent'],
    description: 'learn view: from the infer view, or from the raw one',
  },
  drop_raw: { type: 'boolean', description: 'do not keep the raw view' },
};

export interface HandlerSettings {
  readonly initType?: InitType;
  /** Raw features that processors replace are kept up to this size (default 256 MiB); beyond it they are loaded again when asked for. */
  readonly keptRawBytes?: number;
}

/**
 * Three views of one panel: raw as loaded; infer = shared and infer processors; learn = shared, (append:) infer and learn
 * processors. Views share the columns that no processor changed. Source: qlib `DataHandlerLP`.
 */
export class DataHandlerLP extends DataHandler {
  readonly #views = new Map<DataKey, Panel>();
  readonly initType: InitType;
  readonly #keptRawBytes: number;
  /** The raw view lacks columns that processors replaced. */
  #rawIsPartial = false;
  #blocks: BlockViews | null = null;
  #whole: Promise<void> | undefined;

  constructor(
    loader: DataLoader,
    readonly processors: ProcessorLists,
    protected override readonly options: DataHandlerLPOptions,
    context: Context,
    { initType = 'fit_seq', keptRawBytes = 256 * 2 ** 20 }: HandlerSettings = {},
  ) {
    super(loader, options, context);
    this.initType = initType;
    this.#keptRawBytes = keptRawBytes;
    const { process_type: type = 'append' } = options;
    if (type !== 'append' && type !== 'independent')
      throw unknownName('process type', String(type), ['append', 'independent'], ['process_type']);
    if (!initTypes.includes(initType)) throw unknownName('init type', String(initType), initTypes);
    for (const list of ['shared', 'infer'] as const)
      processors[list].forEach((processor, i) => {
        if (processor.forInfer === false)
          throw new UserError("this processor needs labels: it can't prepare data for prediction", {
            hint: 'move it to learn_processors',
            path: [`${list}_processors`, i],
          });
      });
  }

  override async view(key: DataKey, colSet: ColumnSet = allColumns): Promise<Panel> {
    await this.setup();
    if (this.#blocks) {
      const labels = this.#blocks.view(key);
      const asked = typeof colSet === 'string' ? [colSet] : colSet;
      if (labels && asked.every((group) => labels.columns.some((c) => c.group === group))) return labels;
      await this.#holdWhole();
    }
    if (key === 'raw') return this.#raw(colSet);
    const view = this.#views.get(key);
    if (!view) throw unknownName('data key', String(key), ['raw', 'infer', 'learn']);
    return view;
  }

  override async blocks(): Promise<FeatureBlocks | null> {
    await this.setup();
    return this.#blocks;
  }

  learnedState(): LearnedState | null {
    const state = (list: readonly Processor[]) =>
      list.map((p) => (isColumnProcessor(p) && p.learned ? Object.fromEntries(p.learned) : null));
    const { shared, infer, learn } = this.processors;
    const all = { shared: state(shared), infer: state(infer), learn: state(learn) };
    return Object.values(all)
      .flat()
      .some((learned) => learned !== null)
      ? all
      : null;
  }

  recall(state: LearnedState): void {
    for (const key of ['shared', 'infer', 'learn'] as const) {
      const processors = this.processors[key];
      if (state[key].length !== processors.length)
        throw new UserError(
          `what ${state[key].length} ${key} processors learned does not fit ${processors.length}`,
        );
      processors.forEach((processor, i) => {
        const learned = state[key][i];
        if (learned && isColumnProcessor(processor)) processor.recall?.(learned);
      });
    }
  }

  protected override async prepare(): Promise<void> {
    this.#blocks = await this.#openBlocks();
    if (!this.#blocks) await this.#prepareWhole();
  }

  /** The features in blocks, where they are larger than the context allows and nothing here needs them whole. */
  async #openBlocks(): Promise<BlockViews | null> {
    const { memory, log } = this.context;
    const { shared, infer, learn } = this.processors;
    if (!memory || this.initType !== 'fit_seq' || !this.loader.open) return null;
    if (!canRunInBlocks([...shared, ...infer, ...learn])) return null;
    const source = await this.loader.open(this.options.instruments ?? null, this.start, this.end);
    const count = source?.fields.filter(({ group }) => group === 'feature').length ?? 0;
    const rows = source?.index.length ?? 0;
    const bytes = count * rows * 4;
    if (!source || bytes <= memory.features) return null;
    // more blocks would compute more twice
    const block = Math.min(memory.block, Math.max(smallBlock, bytes / 4));
    const width = Math.min(count, Math.max(1, Math.floor(block / (rows * 4))));
    log.info(
      `features are computed in blocks of ${width} columns: all ${count} of ${rows} rows would take ${gigabytes(bytes)}`,
    );
    return BlockViews.open({
      ...{ source, shared, infer, learn, width },
      isIndependent: this.options.process_type === 'independent',
      onProgress: (share) => log.progress('compute features', share),
    });
  }

  /** For models that need all features at once. @throws UserError where the machine cannot hold them */
  #holdWhole(): Promise<void> {
    this.#whole ??= (async () => {
      const { index, columns } = this.#blocks!.view('infer');
      const count = this.#blocks!.features.length + columns.length;
      const bytes = 4 * count * index.length;
      const { total } = this.context.memory!;
      if (bytes > 0.9 * total)
        throw new UserError(
          `the model needs all features at once: ${index.length} rows of ${count} columns take ${gigabytes(bytes)}, and there are ${gigabytes(total)} of memory`,
          { hint: 'take fewer days, instruments or features, or LGBModel, which reads them in blocks' },
        );
      const text = `all features are held at once: ${index.length} rows of ${count} columns take ${gigabytes(bytes)} of ${gigabytes(total)} of memory`;
      if (bytes > total / 4) this.context.log.warn(text);
      else this.context.log.info(text);
      await this.#prepareWhole();
      this.#blocks = null;
    })();
    return this.#whole;
  }

  async #prepareWhole(): Promise<void> {
    const { shared, infer, learn } = this.processors;
    const source: { panel: Panel | undefined } = { panel: await this.load() };
    const fit = this.initType === 'fit_seq';
    if (this.initType === 'fit_ind')
      for (const processor of [...shared, ...infer, ...learn]) await processor.fit?.(source.panel!);
    const own = this.#keepRaw(source.panel!, [...shared, ...infer]);
    const sharedPanel: { panel: Panel | undefined } = {
      panel: await runProcessors(source, shared, fit, own),
    };
    const forLearn = this.options.process_type === 'independent' ? sharedPanel.panel : undefined;
    const inferView = await runProcessors(sharedPanel, infer, fit, forLearn ? new Set() : own);
    this.#views.set('infer', inferView);
    this.#views.set('learn', await runProcessors({ panel: forLearn ?? inferView }, learn, fit));
  }

  /**
   * Keeps the raw view, without its largest group where that is big and processors will replace it. Returns the storage that these may
   * write over.
   */
  #keepRaw(panel: Panel, processors: readonly Processor[]): Set<Values> {
    const bytes = panel.columns.reduce((sum, { values }) => sum + values.byteLength, 0);
    this.#rawIsPartial = processors.length > 0 && bytes > this.#keptRawBytes;
    const kept = this.#rawIsPartial
      ? panel.select(({ group }) => group !== null && group !== 'feature')
      : panel;
    if (!this.options.drop_raw) this.#views.set('raw', kept);
    if (!this.loader.fresh) return new Set();
    if (this.options.drop_raw) return ownStorage(panel.columns);
    const ownColumns = ownStorage(panel.columns);
    for (const { values } of kept.columns) ownColumns.delete(values);
    return ownColumns;
  }

  async #raw(colSet: ColumnSet): Promise<Panel> {
    const raw = this.#views.get('raw');
    if (!raw)
      throw new UserError('the raw view is not kept: drop_raw is true', {
        hint: 'set drop_raw: false on the handler',
        path: ['drop_raw'],
      });
    const groups = new Set<string | null>(raw.columns.map(({ group }) => group));
    const asked = typeof colSet === 'string' ? [colSet] : colSet;
    if (!this.#rawIsPartial || asked.every((group) => groups.has(group))) return raw;
    this.context.log.info('loading the raw features again');
    return this.load();
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

/** Builds the processors that a config names. @throws UserError for one whose fit range is not known. */
export async function buildProcessors(
  options: DataHandlerLPOptions,
  context: Context,
  adjust: (processor: Processor, path: KeyPath) => void = requireFitSegment,
): Promise<ProcessorLists> {
  const list = async (key: 'shared_processors' | 'infer_processors' | 'learn_processors') => {
    const built: Processor[] = [];
    for (const [i, spec] of (options[key] ?? []).entries()) {
      const processor = await context.build('processor', spec, [key, i]);
      (key === 'shared_processors' ? requireFitSegment : adjust)(processor, [key, i]);
      built.push(processor);
    }
    return built;
  };
  return {
    shared: await list('shared_processors'),
    infer: await list('infer_processors'),
    learn: await list('learn_processors'),
  };
}

function requireFitSegment(processor: Processor, path: KeyPath): void {
  if (processor.fitSegment !== null) return;
  throw new UserError('fit_start_time and fit_end_time are missing', {
    hint: 'give the processor the days that it may learn from; null opens an end',
    path: [...path, 'kwargs'],
  });
}

/** `DataHandlerLP` of a config. */
export const DataHandlerLPDefinition: Definition<Handler, DataHandlerLPOptions> = {
  name: 'DataHandlerLP',
  schema: {
    type: 'object',
    properties: { ...dataHandlerLPProperties, data_loader: dataLoaderSchema },
    required: ['data_loader'],
    additionalProperties: false,
  },
  create: async (options, context) =>
    new DataHandlerLP(
      await context.build('loader', options.data_loader, ['data_loader']),
      await buildProcessors(options, context),
      options,
      context,
    ),
};
