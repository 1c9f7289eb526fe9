import { defaultBenchmark } from '../../../components/backtest/default-benchmark.ts';
import { type KeyPath, UserError } from '../../../components/core/errors.ts';
import { nearest, unknownName } from '../../../components/core/nearest.ts';
import type { DataProvider, InstrumentsSpec } from '../../../components/data/provider.ts';
import type { FoundComponent } from '../check-component.ts';
import { describe } from '../describe.ts';
import { isMapping } from '../spec.ts';
import type { Rule } from './scene.ts';
import { segmentsOf } from './segments.ts';
import { valueAt } from './walk.ts';

const backtests = ['PortAnaRecord', 'MultiPassPortAnaRecord'];

/** What Alpha158 and its kin take when no instruments are given. */
const defaultMarket = 'csi500';

/** Markets and instruments of the handlers. */
export const checkInstruments: Rule = async ({ data, handlers }, { errors, warnings }) => {
  for (const handler of handlers) {
    const given = handler.kwargs['instruments'];
    const isAlpha = /^Alpha/.test(handler.name);
    if (given === undefined && !isAlpha) continue;
    const path = given === undefined ? handler.path : [...handler.kwargsPath, 'instruments'];
    const market = marketOf(given ?? (given === null ? 'all' : defaultMarket));
    if (market !== undefined)
      errors.push(
        ...(await checkMarket(data, market, path)).map((e) => (given === undefined ? notGiven(e) : e)),
      );
    else if (Array.isArray(given) && given.length > 0) {
      const unknown = await absent(data, given, path);
      // some may be named for later; without any there is no row
      (unknown.length === given.length ? errors : warnings).push(...unknown.slice(0, mostTold));
    } else if (Array.isArray(given) || isMapping(given))
      errors.push(noInstruments(given, path, ', or null for all'));
  }
};

const mostTold = 10;

/** A market that the file does not name. */
const notGiven = ({ problem, hint, path }: UserError) =>
  new UserError(problem, { hint: `instruments is not given, which means ${defaultMarket}; ${hint}`, path });

function noInstruments(given: unknown, path: KeyPath, more = ''): UserError {
  return new UserError(`must name instruments, got ${describe(given)}`, {
    hint: `allowed: a name, a list of instruments, or {market: NAME, filter_pipe: [...]}${more}`,
    path,
  });
}

/** The benchmark of a backtest: an instrument, several, or a market. */
export const checkBenchmark: Rule = async ({ data, records }, { errors }) => {
  for (const { name: record, kwargs, path: recordPath, kwargsPath } of records) {
    const path = ['config', 'backtest', 'benchmark'];
    const benchmark = valueAt(kwargs, path);
    const at = [...kwargsPath, ...path];
    if (isMapping(benchmark))
      errors.push(
        ...(typeof benchmark['market'] === 'string'
          ? await checkMarket(data, benchmark['market'], [...at, 'market'])
          : [noInstruments(benchmark, at)]),
      );
    if ((benchmark ?? null) === null && backtests.includes(record))
      errors.push(...(await checkDefault(data, [...recordPath, ...deepest(kwargs, path)])));
    if (typeof benchmark === 'string') errors.push(...(await checkQuoted(data, benchmark, at)));
    if (Array.isArray(benchmark)) {
      const names = benchmark.filter((name): name is string => typeof name === 'string');
      for (const [i, name] of names.entries()) errors.push(...(await checkQuoted(data, name, [...at, i])));
    }
  }
};

/** How much of a path below kwargs is there. */
function deepest(kwargs: unknown, path: KeyPath): KeyPath {
  const count = path.findIndex((_, i) => (valueAt(kwargs, path.slice(0, i + 1)) ?? null) === null);
  return count > 0 ? ['kwargs', ...path.slice(0, count)] : [];
}

/** What qlib compares with where no benchmark is named: other markets than China's lack it. */
async function checkDefault(data: DataProvider, path: KeyPath): Promise<UserError[]> {
  if ((await data.fields(defaultBenchmark)).length > 0) return [];
  return [
    new UserError(
      `no benchmark is named, and ${defaultBenchmark}, which that means in qlib, is not in the data`,
      { hint: 'add benchmark: an instrument, a list of them, {market: NAME}, or false for none', path },
    ),
  ];
}

/** Markets that an exchange is to know. */
export const checkCodes: Rule = async ({ data, records }, { errors }) => {
  for (const { kwargs, kwargsPath } of records) {
    const path = ['config', 'backtest', 'exchange_kwargs', 'codes'];
    const market = marketOf(valueAt(kwargs, path));
    if (market !== undefined) errors.push(...(await checkMarket(data, market, [...kwargsPath, ...path])));
  }
};

/** More instruments to be held than the market has. */
export const checkTopk: Rule = async ({ data, handlers, datasets, strategies }, { warnings }) => {
  const [handler] = handlers;
  const test = datasets.flatMap(segmentsOf).find((s) => s.name === 'test');
  if (!handler || !test || !strategies.some((s) => typeof s.kwargs['topk'] === 'number')) return;
  const count = await universeSize(data, handler, test);
  for (const { kwargs, kwargsPath } of strategies) {
    const { topk } = kwargs;
    if (typeof topk === 'number' && count !== undefined && count > 0 && topk > count)
      warnings.push(
        new UserError(
          `topk ${topk} is more than the ${count} instruments there are: all are held all the time`,
          {
            path: [...kwargsPath, 'topk'],
          },
        ),
      );
  }
};

async function universeSize(
  data: DataProvider,
  { name, kwargs }: FoundComponent,
  range: { readonly start: number | null; readonly end: number | null },
): Promise<number | undefined> {
  const given =
    kwargs['instruments'] ?? (/^Alpha/.test(name) && kwargs['instruments'] !== null ? defaultMarket : 'all');
  if (Array.isArray(given)) return given.length;
  const market = marketOf(given);
  if (market === undefined || (await checkMarket(data, market, [])).length > 0) return undefined;
  return (await data.instruments(market satisfies InstrumentsSpec, { start: range.start, end: range.end }))
    .size;
}

function marketOf(given: unknown): string | undefined {
  if (typeof given === 'string') return given;
  const market = isMapping(given) ? given['market'] : undefined;
  return typeof market === 'string' ? market : undefined;
}

async function checkMarket(data: DataProvider, market: string, path: KeyPath): Promise<UserError[]> {
  const known = await data.markets();
  if (known.some((name) => name.toLowerCase() === market.toLowerCase())) return [];
  return [unknownName('market', market, known, path)];
}

async function checkInstrument(data: DataProvider, name: string, path: KeyPath): Promise<UserError[]> {
  if ((await data.fields(name)).length > 0) return [];
  const known = [...(await allInstruments(data))];
  const near =
    nearest(name, known) ?? nearest(name.toUpperCase(), known) ?? nearest(name, await anywhere(data));
  return [
    new UserError(`unknown instrument "${name.slice(0, 200)}": the data has no such instrument`, {
      hint:
        near === name
          ? `a market names it, but it has no folder of bins below ${data.folder}/features`
          : near
            ? `did you mean "${near}"?`
            : `${data.folder} has ${known.length} instruments, such as ${known.slice(0, 5).join(', ')}`,
      path,
    }),
  ];
}

/** A benchmark is a series of closes. */
async function checkQuoted(data: DataProvider, name: string, path: KeyPath): Promise<UserError[]> {
  const fields = await data.fields(name);
  if (fields.length === 0) return checkInstrument(data, name, path);
  if (fields.some((field) => field.toLowerCase() === 'close')) return [];
  return [
    new UserError(`the benchmark "${name.slice(0, 200)}" has no field close`, {
      hint: `it has ${fields.slice(0, 20).join(', ')}`,
      path,
    }),
  ];
}

async function allInstruments(data: DataProvider): Promise<Iterable<string>> {
  const markets = await data.markets();
  const market = markets.includes('all') ? 'all' : markets[0];
  return market === undefined ? [] : (await data.instruments(market)).keys();
}

/** Of every market: an index is often in one of its own. */
async function anywhere(data: DataProvider): Promise<string[]> {
  const names = new Set<string>();
  for (const market of await data.markets())
    for (const name of (await data.instruments(market)).keys()) names.add(name);
  return [...names];
}

async function absent(data: DataProvider, names: readonly unknown[], path: KeyPath): Promise<UserError[]> {
  const found: UserError[] = [];
  for (const [i, name] of names.entries()) {
    if (typeof name !== 'string') continue;
    found.push(...(await checkInstrument(data, name, [...path, i])));
  }
  return found;
}
