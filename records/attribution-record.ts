import { UserError } from '../components/core/errors.ts';
import { freqKey } from '../components/core/freq.ts';
import { PyTimestamp } from '../components/core/python.ts';
import type { Definition } from '../components/core/registry.ts';
import type { SeriesTable, Table } from '../components/core/table.ts';
import { brinsonByGroup } from '../components/eval/brinson.ts';
import { annualSteps } from '../components/eval/risk.ts';
import { attributionDays, type Books } from './attribution/attribute.ts';
import { groupTable } from './attribution/group-table.ts';
import { type IndexWeights, readIndexWeights } from './attribution/index-weights.ts';
import { type AttributionOptions, attributionSchema, checkAttribution } from './attribution/options.ts';
import { pprint } from './codec/format/pprint.ts';
import { isTable } from './codec/tables.ts';
import type { RecordContext, RecordTemplate } from './record.ts';
import { bookOf } from './report/data/holdings.ts';

const parts = ['RAA', 'RSS', 'RIN', 'RTotal'] as const;

/**
 * Takes the excess return of a recorded backtest apart by groups of instruments (Brinson): `attribution_1day.pkl` by day, with columns RAA
 * (allocation), RSS (selection), RIN (interaction), RTotal; `attribution_groups_1day.pkl` by group, with weights, sums and shares in the risk. Metrics
 * `1day.attribution.RAA` ... a year. Ours: in qlib it is a function, `brinson_pa`, whose table this is; the benchmark's weights come from a market's
 * members, or from a file of an index's weights as qlib reads it.
 */
export const AttributionRecord: Definition<RecordTemplate, AttributionOptions, RecordContext> = {
  name: 'AttributionRecord',
  schema: attributionSchema,
  check: checkAttribution,
  create(options, context) {
    const freq = freqKey(options.freq ?? 'day');
    const names = [`attribution_${freq}.pkl`, `attribution_groups_${freq}.pkl`];
    return {
      artifactPath: 'portfolio_analysis',
      list: () => names,
      async generate() {
        const books = await recordedBooks(context, freq);
        const named = await namedGroups(context, options.groups);
        const published = await publishedWeights(context, options);
        const days = await attributionDays(context.data, books, named, options, published);
        const byDay = [...days.values()].map(brinsonByGroup);
        const sums = parts.map((part) =>
          Float64Array.from(byDay, (groups) => [...groups.values()].reduce((sum, g) => sum + g[part], 0)),
        );
        const table: Table = {
          kind: 'frame',
          index: [
            { name: null, dtype: 'datetime64[ns]', values: Float64Array.from(days.keys()), codes: null },
          ],
          columns: parts.map((label, i) => ({ label, dtype: 'float64', values: sums[i]! })),
        };
        const steps = annualSteps(freq);
        const metrics = Object.fromEntries(
          parts.map((part, i) => [
            `${freq}.attribution.${part}`,
            (sums[i]!.reduce((a, b) => a + b, 0) / sums[i]!.length) * steps,
          ]),
        );
        await context.recorder.logMetrics(metrics);
        const groups = groupTable(byDay);
        context.print(pprint('The following are the sums of the profit attribution by group.'));
        context.print(pprint(groups));
        await context.recorder.saveObjects({ [names[0]!]: table, [names[1]!]: groups }, 'portfolio_analysis');
      },
    };
  },
};

async function recordedBooks({ recorder }: RecordContext, freq: string): Promise<Books> {
  const name = `portfolio_analysis/positions_normal_${freq}.pkl`;
  const there = (await recorder.listArtifacts()).includes('portfolio_analysis')
    ? await recorder.listArtifacts('portfolio_analysis')
    : [];
  const positions = there.includes(name) ? await recorder.loadObject(name) : undefined;
  if (!(positions instanceof Map) || positions.size === 0)
    throw new UserError(`AttributionRecord reads "${name}", which the run does not have`, {
      hint: 'put a PortAnaRecord in front of it',
    });
  const books = new Map<number, ReadonlyMap<string, number>>();
  for (const [time, position] of positions) {
    const book = bookOf(position);
    if (time instanceof PyTimestamp && book) books.set(time.time, book.values);
  }
  return books;
}

/** Null where the benchmark are the members of a market. */
async function publishedWeights(
  { loadFile }: RecordContext,
  { bench, bench_weights: file }: AttributionOptions,
): Promise<IndexWeights | null> {
  if (!file) return null;
  const table = loadFile ? await loadFile(file) : undefined;
  if (isTable(table)) return readIndexWeights(table, bench, file);
  throw new UserError(`"${file}" is no table of weights`, {
    hint: 'a CSV file with the columns code, date, weight (and index) is needed',
    path: ['bench_weights'],
  });
}

/** Null where the groups come from the data. */
async function namedGroups(
  { loadFile }: RecordContext,
  given: AttributionOptions['groups'],
): Promise<ReadonlyMap<string, string | number> | null> {
  if (!given) return null;
  if (typeof given !== 'string') return new Map(Object.entries(given));
  const table = loadFile ? await loadFile(given) : undefined;
  const [names, groups] = isTable(table) ? pairOf(table) : [];
  if (!names || !groups)
    throw new UserError(`"${given}" is no table of groups`, {
      hint: 'a CSV file with the columns instrument and group is needed',
      path: ['groups'],
    });
  return new Map(names.map((name, i) => [String(name), String(groups[i])]));
}

/** The columns instrument and group, the first of which may have become the index. */
function pairOf(table: Table | SeriesTable): [readonly unknown[], readonly unknown[]] | [] {
  if (table.kind !== 'frame') return [];
  const cells = (values: ArrayLike<unknown>, codes: Int32Array | null) =>
    codes ? Array.from(codes, (c) => values[c]) : Array.from(values);
  const level = table.index.find((l) => l.name === 'instrument');
  const column = (label: string) => table.columns.find((c) => c.label === label);
  const names = level
    ? cells(level.values as ArrayLike<unknown>, level.codes)
    : column('instrument') && cells(column('instrument')!.values as ArrayLike<unknown>, null);
  const groups = column('group') && cells(column('group')!.values as ArrayLike<unknown>, null);
  return names && groups ? [names, groups] : [];
}
