import type { Context } from '../core/context.ts';
import { parseFreq } from '../core/freq.ts';
import { denseColumn, denseValues, Panel, PanelIndex } from '../core/panel.ts';
import type { InstrumentsSpec } from '../data/provider.ts';
import type { Market } from './exchange.ts';
import type { ExchangeOptions, Limit, VolumeLimit } from './exchange-options.ts';
import { appendQuotes, type FlaggedQuotes, readExtraQuotes } from './extra-quotes.ts';
import { Quotes } from './quotes.ts';
import { loadEarlierCloses, previousCloses, strictFlags } from './strict-limits.ts';

const necessary = ['$close', '$change', '$factor', '$volume'];
const scanChunk = 400;

/**
 * Loads what the exchange answers from. Only instruments of the universe are kept; whether a factor is missing,
 * which qlib asks of all instruments of the exchange, is asked of the others in passing, some hundreds at a
 * time.
 */
export async function loadQuotes(
  context: Context,
  options: ExchangeOptions,
  universe: ReadonlySet<string> | undefined,
): Promise<Market> {
  const { wanted, others } = await split(context, options, universe);
  const panel = await load(context, options, wanted, expressionsOf(options));
  let adjustedPrices = lacksFactor(panel);
  if (options.tradeUnit !== null && !adjustedPrices)
    for (const chunk of others) {
      adjustedPrices = lacksFactor(await load(context, options, chunk, ['$close', '$factor']));
      if (adjustedPrices) break;
    }
  warn(context, options, panel, adjustedPrices);
  const own = { panel, limited: await limitFlags(context, options, panel, wanted) };
  const all = await withExtra(context, options, own, universe);
  const leftOut = new Set(
    others.flatMap((part) => (part instanceof Map ? [...part.keys()] : (part as string[]))),
  );
  return {
    quotes: new Quotes(all.panel, parseFreq(options.freq)),
    limited: all.limited,
    adjustedPrices,
    leftOut,
  };
}

async function withExtra(
  context: Context,
  options: ExchangeOptions,
  own: FlaggedQuotes,
  universe: ReadonlySet<string> | undefined,
): Promise<FlaggedQuotes> {
  if (options.extraQuote === null) return own;
  const { given, path } = options.extraQuote;
  const extra = await readExtraQuotes(context, given, path);
  const { instruments, codes } = extra.index;
  const kept = extra.take(
    Uint32Array.from(codes.keys()).filter((row) => universe?.has(instruments[codes[row]!]!) ?? true),
  );
  return kept.length === 0 ? own : appendQuotes(own, kept, options, path);
}

async function limitFlags(
  context: Context,
  options: ExchangeOptions,
  panel: Panel,
  wanted: InstrumentsSpec,
): Promise<Market['limited']> {
  const { limit, strict, buyPrice, sellPrice } = options;
  if (!strict && limit.kind === 'none') {
    const absent = flags(panel, limit, 'buy');
    return { buy: absent, sell: absent };
  }
  if (!strict || limit.kind === 'expressions')
    return { buy: flags(panel, limit, 'buy'), sell: flags(panel, limit, 'sell') };
  const close = valuesOf(panel, '$close');
  const earlier = limit.kind === 'change' ? await loadEarlierCloses(context, options, wanted) : new Map();
  const previous = previousCloses(panel.index, close, earlier);
  const flagsOf = (direction: 'buy' | 'sell', price: string) =>
    strictFlags({ price: valuesOf(panel, price), close, previous, limit, direction });
  return { buy: flagsOf('buy', buyPrice), sell: flagsOf('sell', sellPrice) };
}

function expressionsOf({
  buyPrice,
  sellPrice,
  limit,
  buyVolume,
  sellVolume,
  subscribed,
}: ExchangeOptions): string[] {
  const limits = limit.kind === 'expressions' ? [limit.buy, limit.sell] : [];
  const volumes = (list: readonly VolumeLimit[] | null) => (list ?? []).map((v) => v.expression);
  return [
    ...new Set([
      buyPrice,
      sellPrice,
      ...necessary,
      ...limits,
      ...volumes(buyVolume),
      ...volumes(sellVolume),
      ...subscribed,
    ]),
  ];
}

/** The exchange's instruments in the universe, and the rest in chunks. */
async function split(
  context: Context,
  { codes, start, end, freq }: ExchangeOptions,
  universe: ReadonlySet<string> | undefined,
): Promise<{ wanted: InstrumentsSpec; others: InstrumentsSpec[] }> {
  if (!universe) return { wanted: codes, others: [] };
  if (Array.isArray(codes)) {
    const others = codes.filter((code) => !universe.has(code));
    return { wanted: codes.filter((code) => universe.has(code)), others: chunks(others) };
  }
  const spans = [...(await context.data.instruments(codes, { start, end, freq }))];
  return {
    wanted: new Map(spans.filter(([code]) => universe.has(code))),
    others: chunks(spans.filter(([code]) => !universe.has(code))).map((part) => new Map(part)),
  };
}

function chunks<T>(items: readonly T[]): T[][] {
  const out: T[][] = [];
  for (let i = 0; i < items.length; i += scanChunk) out.push(items.slice(i, i + scanChunk));
  return out;
}

async function load(
  { data }: Context,
  { start, end, freq }: ExchangeOptions,
  instruments: InstrumentsSpec,
  expressions: readonly string[],
): Promise<Panel> {
  const count = Array.isArray(instruments)
    ? instruments.length
    : instruments instanceof Map
      ? instruments.size
      : 1;
  if (count === 0) return emptyPanel(expressions);
  const fields = expressions.map((expression) => ({ group: null, name: expression, expression }));
  return data.features({ instruments, fields, start, end, freq });
}

function emptyPanel(expressions: readonly string[]): Panel {
  const index = new PanelIndex(new Float64Array(0), new Int32Array(1), [], new Int32Array(0));
  return new Panel(
    index,
    expressions.map((name) => denseColumn(null, name, new Float32Array(0))),
  );
}

function valuesOf(panel: Panel, name: string) {
  return denseValues(panel.columns.find((c) => c.name === name)!);
}

function lacksFactor(panel: Panel): boolean {
  const close = valuesOf(panel, '$close');
  const factor = valuesOf(panel, '$factor');
  for (let row = 0; row < close.length; row++)
    if (Number.isNaN(factor[row]!) && !Number.isNaN(close[row]!)) return true;
  return false;
}

function flags(panel: Panel, limit: Limit, direction: 'buy' | 'sell'): Uint8Array {
  const close = valuesOf(panel, '$close');
  const out = new Uint8Array(close.length);
  for (let row = 0; row < out.length; row++) if (Number.isNaN(close[row]!)) out[row] = 1;
  if (limit.kind === 'none') return out;
  const values = valuesOf(panel, limit.kind === 'change' ? '$change' : limit[direction]);
  // numpy compares a float32 column with a number in float32
  const round = values instanceof Float32Array ? Math.fround : (x: number) => x;
  const threshold = limit.kind === 'change' ? round(limit.threshold) : Number.NaN;
  for (let row = 0; row < out.length; row++) {
    const value = values[row]!;
    const isLimited =
      limit.kind === 'change'
        ? direction === 'buy'
          ? value >= threshold
          : value <= -threshold
        : value !== 0;
    if (isLimited) out[row] = 1;
  }
  return out;
}

function warn(
  { log, region }: Context,
  options: ExchangeOptions,
  panel: Panel,
  adjustedPrices: boolean,
): void {
  for (const price of new Set([options.buyPrice, options.sellPrice]))
    if (price !== '$close' && valuesOf(panel, price).some(Number.isNaN))
      log.warn(
        `deal price ${price} is missing on some days: ${options.strict ? 'nothing is dealt' : 'the close stands in'} there`,
      );
  if (adjustedPrices && options.tradeUnit !== null)
    log.warn(
      '$factor is missing on some days: amounts are adjusted shares and are not rounded to trade units',
    );
  const { limit } = options;
  if (region.name !== 'us' && (limit.kind === 'none' || (limit.kind === 'change' && limit.threshold > 0.1)))
    log.warn(
      limit.kind === 'none'
        ? 'limit_threshold is not set: instruments at their price limit are traded'
        : `limit_threshold ${limit.threshold} is larger than any price limit of the region`,
    );
}
