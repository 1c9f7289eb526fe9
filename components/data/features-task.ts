import { formatTime } from '../core/dates.ts';
import { UserError } from '../core/errors.ts';
import { readBin } from './bins.ts';
import { loadOperators, type OperatorModule } from './expression/operator-set.ts';
import { OperatorFailure } from './expression/user-operator.ts';
import type { Kernels } from './kernels/kernels.ts';
import { wasmKernels } from './kernels/wasm.ts';
import { layOut } from './plan/arena.ts';
import { Evaluator } from './plan/evaluate.ts';
import { makePlan, type Plan } from './plan/plan.ts';
import type { InstrumentData } from './plan/ranges.ts';
import type { Range } from './plan/step.ts';
import { PitColumns } from './point-in-time/pit-column.ts';
import type { PitFiles } from './point-in-time/pit-field.ts';
import { type RowMap, Stage } from './rows.ts';

/** Where the values of a source are for each instrument: `files[i]` is '' where there are none. */
export interface SourceFiles {
  readonly files: readonly string[];
  /** In their place, for a point-in-time source, the files of its fields. */
  readonly periods: readonly (readonly PitFiles[])[];
  /** Calendar index of the first value, and number of values. */
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
}

/** Work on shared memory that any number of threads do together, each taking the next instruments. */
export interface FeatureShare {
  readonly expressions: readonly string[];
  /** Where operators of the user's own come from. */
  readonly operators: readonly OperatorModule[];
  readonly range: Range;
  readonly times: Float64Array;
  readonly instruments: readonly string[];
  /** How many threads share the work. */
  readonly threads: number;
  readonly sources: readonly SourceFiles[];
  readonly map: RowMap;
  readonly columns: readonly Float32Array[];
  /** The next instrument to be done. */
  readonly next: Int32Array;
}

/** What a thread sends back: errors for users do not survive the way as they are. */
export interface ShareResult {
  readonly problem: { readonly text: string; readonly hint: string | undefined } | null;
  /** Prices that are zero, negative or infinite: `AAPL $close 2020-01-31`, the first of each column. */
  readonly odd: readonly string[];
  /** Prices and volumes without a value, of instruments that have others: `AAPL $close`. */
  readonly blank: readonly string[];
}

/** What a thread notices of the data that it reads. */
export type Noticed = Pick<ShareResult, 'odd' | 'blank'>;

/** The worker task `features`. Reports the number of instruments done. */
export async function featuresTask(
  share: FeatureShare,
  report: (done: number) => void,
): Promise<ShareResult> {
  try {
    const { operators } = await loadOperators(share.operators);
    const plan = makePlan(share.expressions, share.range, operators);
    return { ...computeInstruments(share, plan, report), problem: null };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // the other threads need not go on
    Atomics.store(share.next, 0, share.instruments.length);
    return { odd: [], blank: [], problem: { text: error.problem, hint: error.hint } };
  }
}

/** Pointers are 32 bits wide and signed. */
const largestArena = 2 ** 31 - 2 ** 16;

/** Bytes of the stage of one thread at most. */
const stageBytes = 48e6;

/** Computes instruments until none is left; returns prices that cannot be, see `ShareResult`. */
export function computeInstruments(
  share: FeatureShare,
  plan: Plan,
  report: (done: number) => void,
  makeKernels: (bytes: number) => Kernels = wasmKernels,
): Noticed {
  const { columns, instruments, map, next, range, threads, times } = share;
  const fair = Math.ceil(instruments.length / threads);
  const block = Math.min(fair, Stage.instrumentsWithin(stageBytes, columns.length, range));
  const { bytes, stage: pointer } = layOut(plan, Stage.bytes(range, columns.length, block));
  if (bytes > largestArena)
    throw new UserError(
      `${columns.length} fields over ${range.to - range.from} days need ${(bytes / 1e9).toFixed(1)} GB a thread`,
      {
        hint: 'ask for fewer days or fewer fields at a time',
      },
    );
  const kernels = makeKernels(bytes);
  const evaluator = new Evaluator(plan, kernels, times);
  const stage = new Stage(kernels, pointer, range, columns.length, block);
  const odd: string[] = [];
  const blank: string[] = [];
  const pit = plan.sources.map((source) => (source.pit ? new PitColumns(source, times, makeKernels) : null));
  const claim = () => Atomics.add(next, 0, block);
  for (let code = claim(); code < instruments.length; code = claim()) {
    const count = Math.min(block, instruments.length - code);
    for (let k = 0; k < count; k++) {
      const seen: Seen = { odd, blank: [], hasValues: false };
      const data = instrumentData(share, plan, code + k, seen, pit);
      try {
        evaluator.run(data, (field, column, first) => stage.put(field, k, column, first));
      } catch (error) {
        throw error instanceof OperatorFailure ? failed(error, data.instrument) : error;
      }
      // an instrument without any value has not been traded in this time
      if (seen.hasValues) blank.push(...seen.blank);
    }
    stage.write(map, code, count, columns);
    report(count);
  }
  return { odd, blank };
}

/** Of one instrument; `odd` of all. */
interface Seen {
  readonly odd: string[];
  readonly blank: string[];
  hasValues: boolean;
}

function failed({ operator, file, message, cause }: OperatorFailure, instrument: string): UserError {
  return new UserError(`the operator ${operator} of ${file} failed on ${instrument}: ${message}`, { cause });
}

const prices: ReadonlySet<string> = new Set(['open', 'high', 'low', 'close', 'vwap']);

function hasValue(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i]!)) return true;
  return false;
}

function firstOdd(values: Float32Array): number {
  for (let i = 0; i < values.length; i++)
    if (values[i]! <= 0 || values[i] === Number.POSITIVE_INFINITY) return i;
  return -1;
}

function instrumentData(
  share: FeatureShare,
  plan: Plan,
  i: number,
  seen: Seen,
  pit: readonly (PitColumns | null)[],
): InstrumentData {
  const { instruments, sources, times } = share;
  return {
    instrument: instruments[i]!,
    days: (source) => {
      const { starts, lengths } = sources[source]!;
      return { from: starts[i]!, to: starts[i]! + lengths[i]! };
    },
    read: (source, from, out) => {
      if (out instanceof Float64Array) throw new Error('bins and points in time are float32');
      const { files, periods, starts, lengths } = sources[source]!;
      const columns = pit[source];
      if (columns) {
        columns.read(instruments[i]!, periods[i]!, from, out);
        return;
      }
      readBin({ file: files[i]!, start: starts[i]!, length: lengths[i]! }, from, out);
      const { field, instrument } = plan.sources[source]!;
      if (instrument !== null || !(prices.has(field) || field === 'volume')) return;
      if (hasValue(out)) seen.hasValues = true;
      else seen.blank.push(`${instruments[i]} $${field}`);
      const at = field === 'volume' ? -1 : firstOdd(out);
      if (at >= 0) seen.odd.push(`${instruments[i]} $${field} ${formatTime(times[from + at]!)}`);
    },
  };
}
