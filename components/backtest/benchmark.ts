import type { Context } from '../core/context.ts';
import { lowerBound, type Time, upperBound } from '../core/dates.ts';
import { type KeyPath, UserError } from '../core/errors.ts';
import { parseFreq } from '../core/freq.ts';
import { denseValues, type Panel, type Values } from '../core/panel.ts';
import type { InstrumentsSpec } from '../data/provider.ts';
import { defaultBenchmark } from './default-benchmark.ts';
import { show } from './exchange-options.ts';
import { readSeries } from './signal-table.ts';

/** Returns of a benchmark by bar: the value at T is the change from T-1 to T. */
export interface BenchmarkReturns {
  readonly times: Float64Array;
  /** float32 where they come from the data, as qlib reckons then. */
  readonly values: Values;
}

/** Loads the benchmark's returns for a level of execution; null: no benchmark. */
export type Benchmark = (freq: string) => Promise<BenchmarkReturns | null>;

/**
 * Reads `benchmark`: an instrument; a list, dict or market spec, whose daily changes are averaged; a series of
 * returns; `false` for none. As in qlib, null and a missing argument mean SH000300, null over the whole
 * calendar.
 * @throws UserError (when loading) where the data hold no such benchmark
 */
export function readBenchmark(
  context: Context,
  benchmark: unknown,
  { start, end }: { start: Time; end: Time },
  path: KeyPath,
): Benchmark {
  if (benchmark === false) return async () => null;
  const series = readSeries(benchmark);
  if (series) return async () => series;
  const named = benchmark ?? defaultBenchmark;
  const instruments = (typeof named === 'string' ? [named] : named) as InstrumentsSpec;
  const range = benchmark === null ? { start: null, end: null } : { start, end };
  const known = new Map<string, Promise<BenchmarkReturns>>();
  return (freq) => {
    const { count, unit } = parseFreq(freq);
    const freqs = unit === 'min' ? [`${count}min`, '1min'] : ['day', '1min'];
    const key = freqs[0]!;
    let returns = known.get(key);
    if (!returns) known.set(key, (returns = load(context, instruments, range, freqs, benchmark, path)));
    return returns;
  };
}

async function load(
  { data }: Context,
  instruments: InstrumentsSpec,
  range: { start: Time | null; end: Time | null },
  freqs: readonly string[],
  given: unknown,
  path: KeyPath,
): Promise<BenchmarkReturns> {
  const fields = [{ group: null, name: 'change', expression: '$close/Ref($close,1)-1' }];
  let failure: unknown;
  for (const freq of freqs)
    try {
      const panel = await data.features({ instruments, fields, ...range, freq });
      failure = undefined;
      if (panel.length > 0) return { times: panel.index.times, values: dailyMean(panel) };
      break;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failure = error;
    }
  const asked =
    given === null || given === undefined
      ? `${defaultBenchmark} (what no benchmark means in qlib)`
      : show(given);
  throw new UserError(`the benchmark ${asked} has no data in the time of the backtest`, {
    hint: `name an instrument of ${data.folder}, a list of them, or false for none`,
    path,
    cause: failure,
  });
}

/**
 * Mean by time, in float32 with Kahan's compensation as pandas' `groupby().mean()` adds; 0 where nothing is
 * there.
 */
function dailyMean({ index, columns }: Panel): Values {
  const values = denseValues(columns[0]!);
  const out = new Float32Array(index.times.length);
  for (let t = 0; t < out.length; t++) out[t] = meanOf(values, index.offsets[t]!, index.offsets[t + 1]!);
  return out;
}

/** Of the rows [from, to). A function of its own, called day by day: engines compile it after a few of them. */
function meanOf(values: Values, from: number, to: number): number {
  const f = Math.fround;
  let sum = 0;
  let compensation = 0;
  let count = 0;
  for (let row = from; row < to; row++) {
    const value = values[row]!;
    if (Number.isNaN(value)) continue;
    const y = f(value - compensation);
    const next = f(sum + y);
    compensation = f(f(next - sum) - y);
    sum = next;
    count++;
  }
  return count > 0 ? sum / count : 0;
}

/** Return of the benchmark over [start, end]: product of 1 + r, minus 1; 0 where no bar lies in it. */
export function benchmarkReturn({ times, values }: BenchmarkReturns, start: Time, end: Time): number {
  const from = lowerBound(times, start);
  const to = upperBound(times, end);
  if (from >= to) return 0;
  const round = values instanceof Float32Array ? Math.fround : (x: number) => x;
  let product = 1;
  for (let t = from; t < to; t++)
    if (!Number.isNaN(values[t]!)) product = round(product * round(values[t]! + 1));
  return round(product - 1);
}
