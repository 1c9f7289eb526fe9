import type { Context } from '../../core/context.ts';
import { type KeyPath, UserError } from '../../core/errors.ts';
import type { Definition, Schema } from '../../core/registry.ts';
import type { FieldSpec } from '../../data/provider.ts';
import { fieldsInfoSchema, readFields } from '../loader/fields.ts';
import { openQlibDataLoader, qlibDataLoaderProperties } from '../loader/qlib-data-loader.ts';
import { readEnd, readStart } from '../time-option.ts';
import type { DataHandler as Handler, Processor } from '../types.ts';
import {
  buildProcessors,
  DataHandlerLP,
  type DataHandlerLPOptions,
  dataHandlerLPProperties,
} from './data-handler-lp.ts';

export interface AlphaOptions extends DataHandlerLPOptions {
  readonly freq?: string | Readonly<Record<string, string>>;
  readonly fit_start_time?: unknown;
  readonly fit_end_time?: unknown;
  readonly filter_pipe?: readonly unknown[] | null;
  readonly inst_processors?: readonly unknown[] | Readonly<Record<string, readonly unknown[]>> | null;
  readonly label?: unknown;
}

export interface AlphaRecipe {
  readonly name: string;
  features(): FieldSpec[];
  readonly label: string;
  /** qlib's default `infer_processors`. */
  readonly inferProcessors: readonly unknown[];
}

/** The return from the next close to the one after, as known two days later. */
export const closeLabel = 'Ref($close, -2)/Ref($close, -1) - 1';
export const vwapLabel = 'Ref($vwap, -2)/Ref($vwap, -1) - 1';

/** qlib's module of processors. */
export const processors = 'qlib.data.dataset.processor';

export const learnProcessors = [
  { class: 'DropnaLabel', module_path: processors },
  { class: 'CSZScoreNorm', module_path: processors, kwargs: { fields_group: 'label' } },
];

const { filter_pipe, freq, inst_processors } = qlibDataLoaderProperties;

/**
 * A DataHandlerLP over a fixed set of features. Processors that learn from a range of time get the handler's `fit_start_time` and
 * `fit_end_time`, whatever their own kwargs say (qlib's `check_transform_proc`).
 * @throws UserError where such a processor is there and one of the two is not given.
 */
export function alphaHandler(recipe: AlphaRecipe): Definition<Handler, AlphaOptions> {
  return {
    name: recipe.name,
    schema: alphaKwargs({
      label: { ...fieldsInfoSchema, description: 'label expressions, or [expressions, column names]' },
    }),
    check: (options) => {
      if (options.label !== undefined) readFields(options.label, 'label', ['label']);
      checkFitTimes(options, recipe);
    },
    create: (options, context) => openAlpha(recipe, options, context),
  };
}

/** Kwargs of a handler whose features are its own. */
export function alphaKwargs(more: Readonly<Record<string, Schema>> = {}): Schema {
  return {
    type: 'object',
    properties: {
      ...dataHandlerLPProperties,
      freq,
      fit_start_time: { date: true, description: 'first day that processors learn from' },
      fit_end_time: { date: true, description: 'last day that processors learn from' },
      filter_pipe,
      inst_processors,
      ...more,
    },
    additionalProperties: false,
  };
}

async function openAlpha(recipe: AlphaRecipe, given: AlphaOptions, context: Context): Promise<DataHandlerLP> {
  const options: AlphaOptions = {
    ...given,
    instruments: given.instruments === undefined ? 'csi500' : given.instruments,
    infer_processors: given.infer_processors ?? recipe.inferProcessors,
    learn_processors: given.learn_processors ?? learnProcessors,
  };
  const features = recipe.features();
  const label =
    options.label === undefined
      ? [{ group: 'label', name: 'LABEL0', expression: recipe.label }]
      : readFields(options.label, 'label', ['label']);
  const pair = (fields: readonly FieldSpec[]) => [
    fields.map(({ expression }) => expression),
    fields.map(({ name }) => name),
  ];
  const loader = await openQlibDataLoader(
    {
      config: { feature: pair(features), label: pair(label) },
      filter_pipe: options.filter_pipe ?? null,
      freq: options.freq ?? 'day',
      inst_processors: options.inst_processors ?? null,
    },
    context,
  );
  return new DataHandlerLP(
    loader,
    await buildProcessors(options, context, fitTimesOf(options)),
    options,
    context,
  );
}

const learning = ['MinMaxNorm', 'RobustZScoreNorm', 'ZScoreNorm'];

/** What `fitTimesOf` would refuse of qlib's own processors, before anything is read. */
function checkFitTimes(options: AlphaOptions, recipe: AlphaRecipe): void {
  const lacking = (['fit_start_time', 'fit_end_time'] as const).find(
    (key) => (options[key] ?? null) === null,
  );
  if (lacking === undefined) return;
  const lists = {
    infer_processors: options.infer_processors ?? recipe.inferProcessors,
    learn_processors: options.learn_processors ?? learnProcessors,
  };
  for (const [name, list] of Object.entries(lists))
    for (const [i, spec] of (Array.isArray(list) ? list : []).entries())
      if (isLearning(spec)) throw missingFitTime(lacking, [name, i]);
}

function isLearning(spec: unknown): boolean {
  if (typeof spec === 'string') return learning.includes(spec);
  if (typeof spec !== 'object' || spec === null || !('class' in spec)) return false;
  const isOfQlib = !('module_path' in spec) || String(spec.module_path ?? 'qlib').startsWith('qlib');
  return isOfQlib && learning.includes(String(spec.class));
}

function missingFitTime(key: 'fit_start_time' | 'fit_end_time', processor: KeyPath): UserError {
  return new UserError(`${key} is missing`, {
    hint: `${processor.join('.')} learns from a range of days: give the handler fit_start_time and fit_end_time`,
    path: [key],
  });
}

/** Gives the processors that learn the handler's range. */
export function fitTimesOf({ fit_start_time, fit_end_time }: AlphaOptions) {
  const start = readStart(fit_start_time, ['fit_start_time']);
  const end = readEnd(fit_end_time, ['fit_end_time']);
  return (processor: Processor, path: KeyPath) => {
    if (processor.fitSegment === undefined) return;
    if (start === null || end === null)
      throw missingFitTime(start === null ? 'fit_start_time' : 'fit_end_time', path);
    processor.fitSegment = { start, end };
  };
}
