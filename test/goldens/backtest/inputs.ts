import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { tableToPanel } from '../../../components/backtest/signal-table.ts';
import { formatTime, parseTime } from '../../../components/core/dates.ts';
import { denseColumn, type Panel } from '../../../components/core/panel.ts';
import { panelToTable, type SeriesTable, type Table } from '../../../components/core/table.ts';
import { readCsv, readJson, toNumber } from '../support.ts';

/** A case as its config.json says it. */
export interface CaseConfig {
  readonly name: string;
  readonly doc: string;
  readonly signal: string;
  readonly positions: 'all' | 'sample';
  readonly strategy: { readonly class: string; readonly kwargs?: Readonly<Record<string, unknown>> };
  readonly executor: unknown;
  readonly backtest: Readonly<Record<string, unknown>>;
}

export type Json = unknown;

/** Region that the tree was made for: GOLDENS_REGION, or what its README says. */
export function goldensRegion(folder: string): string {
  const readme = join(folder, 'README.md');
  const told = existsSync(readme) ? /\(region (\w+)\)/.exec(readFileSync(readme, 'utf8'))?.[1] : undefined;
  return process.env['GOLDENS_REGION'] || told || 'us';
}

/** What a case's placeholders stand for. */
export class Inputs {
  readonly #signals = new Map<string, Panel>();

  constructor(
    readonly folder: string,
    readonly calendar: Float64Array,
  ) {}

  /** A config with every placeholder filled in; tuples become arrays. */
  fill(value: Json, config: CaseConfig): Json {
    if (typeof value === 'string') return this.#placeholder(value, config);
    if (Array.isArray(value)) return value.map((x) => this.fill(x, config));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    if (entries.length === 1 && entries[0]![0] === '__tuple__') return this.fill(entries[0]![1], config);
    return Object.fromEntries(entries.map(([key, x]) => [key, this.fill(x, config)]));
  }

  #placeholder(text: string, { signal }: CaseConfig): Json {
    if (!/^<.*>$/.test(text)) return text;
    const name = text.slice(1, -1);
    const [kind, rest = ''] = name.split(/:(.*)/);
    if (name === 'PRED') return this.#pred(signal);
    if (name === 'CODES') return this.#codes('codes.json');
    if (name === 'HALF_CODES')
      return this.#codes('codes.json').slice(0, Math.floor(this.#codes('codes.json').length / 2));
    if (name === 'DELISTED_CODES') return this.#codes('delisted_codes.json');
    if (name === 'BENCH_SERIES') return this.#benchSeries();
    if (name === 'ORDERS_DF') return this.#orders();
    if (name === 'RISKMODEL') return this.#riskModel();
    if (kind === 'TS') return rest;
    if (kind === 'CLASS') return rest;
    if (kind === 'CAL') return this.calendar[Number(rest)];
    if (kind === 'LAST' || /^LAST-\d+$/.test(name))
      return this.calendar.at(-1 - Number(name.split('-')[1] ?? 0));
    if (/^FIRST(\+\d+)?$/.test(name)) return this.calendar[Number(name.split('+')[1] ?? 0)];
    return text;
  }

  #codes(file: string): string[] {
    return readJson<string[]>(join(this.folder, file));
  }

  #pred(name: string): Panel | Table | SeriesTable {
    const file = join(this.folder, `signal_${name}.csv.gz`);
    if (existsSync(file)) return this.#signal(name);
    const main = this.#signal('main');
    const { times } = this.#signal('gaps').index;
    const part = main.between(times[0]!, times.at(-1)!);
    const [score] = part.columns;
    if (name === 'two_columns') {
      const opposite = Float64Array.from(score!.values, (x) => -x);
      return part.withColumns([score!, denseColumn(null, 'score2', opposite)]);
    }
    const table = panelToTable(part);
    if (name === 'inst_first') return { ...table, index: [...table.index].reverse() };
    if (name === 'series')
      return {
        kind: 'series',
        index: table.index,
        name: 'score',
        dtype: 'float64',
        values: table.columns[0]!.values,
      };
    throw new Error(`no signal ${name}`);
  }

  #signal(name: string): Panel {
    let panel = this.#signals.get(name);
    if (!panel) this.#signals.set(name, (panel = readPanel(join(this.folder, `signal_${name}.csv.gz`))));
    return panel;
  }

  #benchSeries(): SeriesTable {
    const { rows } = readCsv(join(this.folder, 'bench_series.csv.gz'));
    const values = Float64Array.from(rows, ([time]) => parseTime(time!)!);
    return {
      kind: 'series',
      index: [{ name: 'datetime', dtype: 'datetime64[ns]', values, codes: null }],
      name: 'bench',
      dtype: 'float64',
      values: Float64Array.from(rows, ([, value]) => toNumber(value)),
    };
  }

  /**
   * A folder with the same risk model for every day that any case has, as README says (and one day more on
   * either side).
   */
  #riskModel(): string {
    const root = mkdtempSync(join(tmpdir(), 'riskmodel-'));
    const read = (name: string) => gunzipSync(readFileSync(join(this.folder, `riskmodel_${name}.csv.gz`)));
    const blacklist = readJson<string[]>(join(this.folder, 'riskmodel_blacklist.json'));
    for (const day of this.calendar.slice(128, 152)) {
      const folder = join(root, formatTime(day).replaceAll('-', ''));
      mkdirSync(folder);
      for (const name of ['factor_exp', 'factor_cov', 'specific_risk'])
        writeFileSync(join(folder, `${name}.csv`), read(name));
      writeFileSync(join(folder, 'blacklist.csv'), ['instrument', ...blacklist].join('\n'));
    }
    return root;
  }

  #orders(): Table {
    const { header, rows } = readCsv(join(this.folder, 'input_orders.csv.gz'));
    const values = Float64Array.from(rows, (_, i) => i);
    return {
      kind: 'frame',
      index: [{ name: null, dtype: 'int64', values, codes: null }],
      columns: header.map((label, i) => ({ label, dtype: 'object', values: rows.map((row) => row[i]) })),
    };
  }
}

/** A CSV of (datetime, instrument, value) as a panel. */
export function readPanel(file: string): Panel {
  const { header, rows } = readCsv(file);
  const times = Float64Array.from(rows, ([time]) => parseTime(time!)!);
  return tableToPanel({
    kind: 'series',
    name: header[2]!,
    dtype: 'float64',
    index: [
      { name: 'datetime', dtype: 'datetime64[ns]', values: times, codes: null },
      { name: 'instrument', dtype: 'object', values: rows.map((row) => row[1]), codes: null },
    ],
    values: Float64Array.from(rows, (row) => toNumber(row[2])),
  });
}
