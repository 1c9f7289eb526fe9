import type { Definition, Schema } from '../../core/registry.ts';
import { openQlibDataLoader, qlibDataLoaderProperties } from '../loader/qlib-data-loader.ts';
import type { DataHandler as Handler } from '../types.ts';
import { type AlphaOptions, alphaKwargs, fitTimesOf } from './alpha.ts';
import { DataHandler, dataHandlerProperties } from './data-handler.ts';
import { buildProcessors, DataHandlerLP } from './data-handler-lp.ts';

interface Options extends AlphaOptions {
  readonly day_length?: number;
  readonly columns?: readonly string[];
}

/** Expressions and the names of their columns. */
type Config = readonly [expressions: string[], names: string[]];

const ofDays: Readonly<Record<string, Schema>> = {
  day_length: { type: 'integer', minimum: 1, description: 'rows of a day' },
  columns: {
    type: 'array',
    items: { type: 'string', pattern: '^\\$' },
    description: 'fields, such as $close',
  },
};

/** `x`, and the latest close where there is none of `x`. */
const filled = (x: string, close: string) => `If(IsNull(${x}), ${close}, ${x})`;
const zeroFilled = (x: string) => `If(IsNull(${x}), 0, ${x})`;
/** Without the first two days that are loaded, whose figures lack the days before. */
const cut = (x: string, day: number) => `Cut(${x}, ${day * 2}, None)`;

/**
 * Prices of the bar and of the same bar a day before, over the last close two days (a day, for those of the day before) earlier; volumes over the mean of
 * thirty days. In qlib's spelling.
 */
export function generalFeatures(day: number, columns: readonly string[]): Config {
  const close = 'FFillNan($close)';
  const price = (x: string) => filled(x, '$close');
  const now = (x: string) => cut(`FFillNan(${price(x)}/DayLast(Ref(${close}, ${day * 2})))`, day);
  const before = (x: string) => cut(`FFillNan(Ref(${price(x)}, ${day})/DayLast(Ref(${close}, ${day})))`, day);
  const usual = `Ref(DayLast(Mean($volume, ${day * 30})), ${day})`;
  const volume = (x: string) => cut(zeroFilled(`${x}/${usual}`), day);
  return [
    [...columns.map(now), ...columns.map(before), volume('$volume'), volume(`Ref($volume, ${day})`)],
    [...columns, ...columns.map((name) => `${name}_1`), '$volume', '$volume_1'],
  ];
}

/** Prices and volumes as they are, without holes. In qlib's spelling. */
export function generalBacktestFields(day: number, columns: readonly string[]): Config {
  const expressions: Readonly<Record<string, string>> = {
    $close: 'FFillNan($close)',
    $vwap: filled('$vwap', 'FFillNan($close)'),
    $volume: zeroFilled('$volume'),
  };
  const known = Object.keys(expressions).filter((name) => columns.includes(name));
  return [known.map((name) => cut(expressions[name]!, day)), known.map((name) => `${name}0`)];
}

const openLoader = (
  config: Config,
  { freq = '1min', inst_processors = null }: Options,
  context: Parameters<Definition<Handler, Options>['create']>[1],
) => openQlibDataLoader({ config, freq, inst_processors }, context);

/** Bars of any length, `day_length` of them a day. The workflow names DayLast, FFillNan, IsNull and Cut in `custom_ops`. Source: qlib `HighFreqGeneralHandler`. */
export const HighFreqGeneralHandler: Definition<Handler, Options> = {
  name: 'HighFreqGeneralHandler',
  schema: alphaKwargs(ofDays),
  create: async (given, context) => {
    const options: Options = {
      ...given,
      instruments: given.instruments === undefined ? 'csi300' : given.instruments,
      infer_processors: given.infer_processors ?? [],
      learn_processors: given.learn_processors ?? [],
    };
    const { day_length = 240, columns = ['$open', '$high', '$low', '$close', '$vwap'] } = options;
    const loader = await openLoader(generalFeatures(day_length, columns), options, context);
    return new DataHandlerLP(
      loader,
      await buildProcessors(options, context, fitTimesOf(options)),
      options,
      context,
    );
  },
};

const { freq, inst_processors } = qlibDataLoaderProperties;

/** What a simulation of orders on such bars reads: `$close0`, `$vwap0` and `$volume0`, those of `columns`. Source: qlib `HighFreqGeneralBacktestHandler`. */
export const HighFreqGeneralBacktestHandler: Definition<Handler, Options> = {
  name: 'HighFreqGeneralBacktestHandler',
  schema: {
    type: 'object',
    properties: { ...dataHandlerProperties, freq, inst_processors, ...ofDays },
    additionalProperties: false,
  },
  create: async (given, context) => {
    const options = {
      ...given,
      instruments: given.instruments === undefined ? 'csi300' : given.instruments,
    };
    const { day_length = 240, columns = ['$close', '$vwap', '$volume'] } = options;
    const loader = await openLoader(generalBacktestFields(day_length, columns), options, context);
    return new DataHandler(loader, options, context);
  },
};
