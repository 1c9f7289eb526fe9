import type { Context } from '../core/context.ts';
import { parseTime, type Time } from '../core/dates.ts';
import { type KeyPath, UserError } from '../core/errors.ts';
import { denseColumn, denseValues, Panel, PanelIndex } from '../core/panel.ts';
import type { Table } from '../core/table.ts';
import { type ExchangeOptions, show } from './exchange-options.ts';
import type { Direction } from './order.ts';
import { readCsvFile } from './signal-file.ts';
import { isTable, tableToPanel } from './signal-table.ts';

/** Quotes with the flags of what can't be traded, by row. */
export interface FlaggedQuotes {
  readonly panel: Panel;
  readonly limited: Readonly<Record<Direction, Uint8Array>>;
}

/**
 * Reads `extra_quote`: a panel, a table by (instrument, datetime), or a file (.csv, .pkl, .parquet) that holds one; columns are named as the
 * exchange's fields, `$close` at least.
 * @throws UserError for anything else
 */
export async function readExtraQuotes(context: Context, given: unknown, path: KeyPath): Promise<Panel> {
  const loaded = typeof given === 'string' ? await loadQuoteFile(context, given, path) : given;
  if (!(loaded instanceof Panel) && !(isTable(loaded) && loaded.index.length === 2))
    throw new UserError(`extra_quote is ${show(given)}`, {
      hint: 'a table by (instrument, datetime), or a .csv, .pkl or .parquet file that holds one, is needed',
      path,
    });
  const panel = loaded instanceof Panel ? loaded : tableToPanel(loaded);
  const names = panel.columns.map(({ name }) => name);
  if (!names.includes('$close'))
    throw new UserError(`extra_quote has the columns ${names.join(', ')}`, {
      hint: '$close is needed',
      path,
    });
  return panel;
}

/**
 * The quotes with those of further instruments below them, as qlib's `extra_quote` appends them: a deal price that is missing is `$close`,
 * `$factor` 1, `limit_buy` and `limit_sell` false; any other field is NaN, where qlib insists on it. Limits of the exchange are not
 * applied to them, nor do their factors decide whether amounts are rounded.
 */
export function appendQuotes(
  { panel, limited }: FlaggedQuotes,
  extra: Panel,
  { buyPrice, sellPrice }: ExchangeOptions,
  path: KeyPath,
): FlaggedQuotes {
  const known = present(panel.index);
  const twice = [...present(extra.index)].find((name) => known.has(name));
  if (twice !== undefined)
    throw new UserError(`extra_quote holds ${twice}, of which the exchange has quotes`, {
      hint: 'leave it out there, or out of codes',
      path,
    });
  const { index, places } = mergeIndices(panel.index, extra.index);
  const valuesOf = (name: string) => {
    const column = extra.columns.find((c) => c.name === name);
    return column && denseValues(column);
  };
  const close = valuesOf('$close')!;
  const columns = panel.columns.map((column) => {
    const { name } = column;
    const values = new Float64Array(index.length).fill(Number.NaN);
    denseValues(column).forEach((value, row) => {
      values[places[0][row]!] = value;
    });
    const own = valuesOf(name) ?? (name === buyPrice || name === sellPrice ? close : undefined);
    places[1].forEach((at, row) => {
      values[at] = own ? own[row]! : name === '$factor' ? 1 : Number.NaN;
    });
    return denseColumn(null, name, values);
  });
  const flagsOf = (direction: Direction) => {
    const flags = new Uint8Array(index.length);
    for (let row = 0; row < panel.length; row++) flags[places[0][row]!] = limited[direction][row]!;
    const own = valuesOf(direction === 'buy' ? 'limit_buy' : 'limit_sell');
    if (own) for (let row = 0; row < extra.length; row++) flags[places[1][row]!] = own[row] ? 1 : 0;
    return flags;
  };
  return { panel: new Panel(index, columns), limited: { buy: flagsOf('buy'), sell: flagsOf('sell') } };
}

/** Instruments that have a row. */
function present({ codes, instruments }: PanelIndex): Set<string> {
  return new Set(Array.from(new Set(codes), (code) => instruments[code]!));
}

/** The union of two indices that share no instrument, and where the rows of each stand in it. */
function mergeIndices(
  a: PanelIndex,
  b: PanelIndex,
): { index: PanelIndex; places: [Uint32Array, Uint32Array] } {
  const times = Float64Array.from(new Set([...a.times, ...b.times])).sort();
  const instruments = [...new Set([...a.instruments, ...b.instruments])].sort();
  const codeOf = new Map(instruments.map((name, code) => [name, code]));
  const places: [Uint32Array, Uint32Array] = [new Uint32Array(a.length), new Uint32Array(b.length)];
  const offsets = new Int32Array(times.length + 1);
  const codes = new Int32Array(a.length + b.length);
  const at = [0, 0];
  let row = 0;
  times.forEach((time: Time, t) => {
    const today: { code: number; from: 0 | 1; row: number }[] = [];
    for (const from of [0, 1] as const) {
      const side = from === 0 ? a : b;
      if (side.times[at[from]!] !== time) continue;
      for (let r = side.offsets[at[from]!]!; r < side.offsets[at[from]! + 1]!; r++)
        today.push({ code: codeOf.get(side.instruments[side.codes[r]!]!)!, from, row: r });
      at[from]!++;
    }
    for (const entry of today.sort((x, y) => x.code - y.code)) {
      codes[row] = entry.code;
      places[entry.from][entry.row] = row++;
    }
    offsets[t + 1] = row;
  });
  return { index: new PanelIndex(times, offsets, instruments, codes), places };
}

async function loadQuoteFile({ loadFile }: Context, file: string, path: KeyPath): Promise<unknown> {
  if (!file.endsWith('.csv')) return loadFile?.(file);
  const { header, rows } = await readCsvFile(file, path);
  const at = (name: string) => header.indexOf(name);
  if (at('datetime') < 0 || at('instrument') < 0)
    throw new UserError(`${file} has the columns ${header.join(', ')}`, {
      hint: 'datetime and instrument are needed',
      path,
    });
  const times = Float64Array.from(rows, (cells, i) => {
    const time = parseTime(cells[at('datetime')] ?? '');
    if (time === undefined)
      throw new UserError(`${file}:${i + 2}: "${cells[at('datetime')] ?? ''}" is no date`, { path });
    return time;
  });
  const table: Table = {
    kind: 'frame',
    index: [
      { name: 'datetime', dtype: 'datetime64[ns]', values: times, codes: null },
      {
        name: 'instrument',
        dtype: 'object',
        values: rows.map((cells) => cells[at('instrument')] ?? ''),
        codes: null,
      },
    ],
    columns: header
      .map((label, j) => ({ label, j }))
      .filter(({ label }) => label !== 'datetime' && label !== 'instrument')
      .map(({ label, j }) => ({
        label,
        dtype: 'float64',
        values: Float64Array.from(rows, (cells) => toNumber(cells[j])),
      })),
  };
  return table;
}

function toNumber(text = ''): number {
  const word = text.trim().toLowerCase();
  if (word === 'true' || word === 'false') return Number(word === 'true');
  return word === '' ? Number.NaN : Number(word);
}
