import { UserError } from '../core/errors.ts';
import { readBin } from './bins.ts';
import type { Kernels } from './kernels/kernels.ts';
import { wasmKernels } from './kernels/wasm.ts';
import { arenaBytes, Evaluator, type InstrumentData } from './plan/evaluate.ts';
import { makePlan, type Plan } from './plan/plan.ts';
import type { Range } from './plan/step.ts';
import { type RowMap, Stage } from './rows.ts';

/** Where the values of a source are for each instrument: `files[i]` is '' where there are none. */
export interface SourceFiles {
  readonly files: readonly string[];
  /** Calendar index of the first value, and number of values. */
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
}

/** Work on shared memory that any number of threads do together, each taking the next instruments. */
export interface FeatureShare {
  readonly expressions: readonly string[];
  readonly range: Range;
  readonly times: Float64Array;
  readonly instruments: readonly string[];
  readonly sources: readonly SourceFiles[];
  readonly map: RowMap;
  readonly columns: readonly Float32Array[];
  /** The next instrument to be done. */
  readonly next: Int32Array;
}

/** What a thread sends back: errors for users do not survive the way as they are. */
export interface ShareResult {
  readonly problem: { readonly text: string; readonly hint: string | undefined } | null;
}

/** The worker task `features`. Reports the number of instruments done. */
export function featuresTask(share: FeatureShare, report: (done: number) => void): ShareResult {
  try {
    computeInstruments(share, makePlan(share.expressions, share.range), report);
    return { problem: null };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // the other threads need not go on
    Atomics.store(share.next, 0, share.instruments.length);
    return { problem: { text: error.problem, hint: error.hint } };
  }
}

/** Bytes of the stage of one thread at most. */
const stageBytes = 48e6;

/** Computes instruments until none is left. */
export function computeInstruments(
  share: FeatureShare,
  plan: Plan,
  report: (done: number) => void,
  kernels: Kernels = wasmKernels(arenaBytes(plan)),
): void {
  const { columns, instruments, map, next, range, times } = share;
  const evaluator = new Evaluator(plan, kernels, times);
  const block = Stage.instrumentsWithin(stageBytes, columns.length, range);
  const stage = new Stage(range, columns.length, block);
  for (
    let code = Atomics.add(next, 0, block);
    code < instruments.length;
    code = Atomics.add(next, 0, block)
  ) {
    const count = Math.min(block, instruments.length - code);
    for (let k = 0; k < count; k++)
      evaluator.run(instrumentData(share, code + k), (field, values, first) =>
        stage.put(field, k, values, first),
      );
    stage.write(map, code, count, columns);
    report(count);
  }
}

function instrumentData({ instruments, sources }: FeatureShare, i: number): InstrumentData {
  return {
    instrument: instruments[i]!,
    days: (source) => {
      const { starts, lengths } = sources[source]!;
      return { from: starts[i]!, to: starts[i]! + lengths[i]! };
    },
    read: (source, from, out) => {
      const { files, starts, lengths } = sources[source]!;
      readBin({ file: files[i]!, start: starts[i]!, length: lengths[i]! }, from, out);
    },
  };
}
