import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BacktestOptions, type BacktestResult, normalBacktest } from '../../components/backtest/run.ts';
import { readSignalFile } from '../../components/backtest/signal-file.ts';
import { regions } from '../../components/core/context.ts';
import { parseTime } from '../../components/core/dates.ts';
import { UserError } from '../../components/core/errors.ts';
import { denseColumn, type Panel } from '../../components/core/panel.ts';
import { panelToTable, type Table } from '../../components/core/table.ts';
import { openData } from '../../components/data/folder-provider.ts';
import { decodeObject } from '../../records/codec/codec.ts';
import { testContext } from '../components/backtest/context.ts';
import { goldenStrategies } from '../goldens/backtest/strategies.ts';
import { compareRun, compareWeights, type PeerRun } from './compare-backtests.ts';

/** A case as random_backtests.py writes it. */
interface PeerCase {
  readonly seed: number;
  readonly kind: string;
  readonly form: string;
  readonly strategy: { readonly class: string };
  readonly executor: unknown;
  readonly backtest: Readonly<Record<string, unknown>>;
  readonly result?: PeerRun;
  readonly error?: { readonly type: string; readonly message: string; readonly where: readonly string[] };
}

const [data = '', region = 'us', folder = ''] = process.argv.slice(2);
const minutes = existsSync(join(data, 'calendars', '1min.txt'));
const provider = minutes ? openData({ day: data, '1min': data }) : openData(data);
let equal = 0;
let both = 0;
const kinder = new Map<string, number>();
const different: string[] = [];

for (const file of readdirSync(folder).filter((name) => /^\d+\.json$/.test(name))) {
  const peer = JSON.parse(readFileSync(join(folder, file), 'utf8')) as PeerCase;
  const name = `${peer.seed} ${peer.strategy.class}`;
  let ours: BacktestResult | undefined;
  let refusal = '';
  try {
    ours = await run(peer);
  } catch (error) {
    if (!(error instanceof UserError)) different.push(`${name}: ${String((error as Error).stack)}`);
    refusal = String(error);
  }
  const compare = peer.strategy.class === 'EnhancedIndexingStrategy' ? compareWeights : compareRun;
  const problem = peer.result && ours ? compare(ours, peer.result) : undefined;
  if (problem) different.push(`${name}: ${problem}`);
  else if (peer.result && !ours) different.push(`${name}: we refuse: ${refusal}`);
  else if (peer.error && ours) {
    const place = `${peer.error.where.at(-1)}: ${peer.error.type} ${peer.error.message.slice(0, 90)}`;
    kinder.set(place, (kinder.get(place) ?? 0) + 1);
  } else if (peer.error) both++;
  else equal++;
}
for (const line of different) console.log(line);
for (const [place, count] of kinder) console.log(`runs here, fails in qlib (${count} times): ${place}`);
console.log(`${equal} equal, ${different.length} different, ${both} refused by both`);
process.exitCode = different.length > 0 ? 1 : 0;

async function run(peer: PeerCase): Promise<BacktestResult> {
  const scores = await readSignalFile(join(folder, `${peer.seed}.scores.csv`), []);
  const values = new Map<string, unknown>([
    ['<PRED>', formOf(scores, peer.form)],
    ['<RISK>', join(folder, `${peer.seed}.risk`)],
    ['<ORDERS>', join(folder, `${peer.seed}.orders.csv`)],
  ]);
  const { strategy, executor, backtest } = fill(peer, values) as PeerCase;
  const context = testContext({
    data: provider,
    region: regions[region]!,
    own: goldenStrategies,
    loadFile: async (file) => (existsSync(file) ? decodeObject(file, readFileSync(file)) : undefined),
  });
  return normalBacktest(context, { strategy, executor, ...backtest } as BacktestOptions);
}

function fill(value: unknown, values: ReadonlyMap<string, unknown>): unknown {
  if (typeof value === 'string') return values.has(value) ? values.get(value) : value;
  if (Array.isArray(value))
    return (value[0] === '__times__' ? value.slice(1) : value).map((x) => fill(x, values));
  if (typeof value !== 'object' || value === null) return value;
  if ('__class__' in value) return value.__class__;
  if ('__extra__' in value) return extraQuote(value.__extra__ as ExtraQuote);
  if ('__series__' in value) return series(value.__series__ as [string, number][]);
  return Object.fromEntries(Object.entries(value).map(([key, x]) => [key, fill(x, values)]));
}

interface ExtraQuote {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
  readonly factor: number | null;
}

function extraQuote({ columns, rows, factor }: ExtraQuote): Table {
  const times = Float64Array.from(rows, (row) => parseTime(String(row[1]))!);
  const numbers = (j: number) =>
    Float64Array.from(rows, (row) => (row[j] === null ? Number.NaN : Number(row[j])));
  return {
    kind: 'frame',
    index: [
      { name: 'instrument', dtype: 'object', values: rows.map((row) => row[0]), codes: null },
      { name: 'datetime', dtype: 'datetime64[ns]', values: times, codes: null },
    ],
    columns: [
      ...columns.slice(2).map((label, j) => ({ label, dtype: 'float64' as const, values: numbers(j + 2) })),
      ...(factor === null
        ? []
        : [{ label: '$factor', dtype: 'float64' as const, values: Float64Array.from(rows, () => factor) }]),
    ],
  };
}

function series(rows: readonly [string, number][]) {
  const times = Float64Array.from(rows, ([day]) => parseTime(day)!);
  return {
    kind: 'series',
    index: [{ name: null, dtype: 'datetime64[ns]', values: times, codes: null }],
    name: null,
    dtype: 'float64',
    values: Float64Array.from(rows, ([, x]) => x),
  };
}

function formOf(scores: Panel, form: string): Panel | Table | object {
  if (form === 'frame') return scores;
  const [score] = scores.columns;
  if (form === 'two_columns') {
    const opposite = denseColumn(
      null,
      'other',
      Float64Array.from(score!.values, (x) => -x),
    );
    return scores.withColumns([score!, opposite]);
  }
  const table = panelToTable(scores);
  if (form === 'instrument_first') return { ...table, index: [...table.index].reverse() };
  const { values } = table.columns[0]!;
  return { kind: 'series', index: table.index, name: 'score', dtype: 'float64', values };
}
