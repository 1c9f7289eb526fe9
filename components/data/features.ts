import { allocate, denseColumn, Panel } from '../core/panel.ts';
import { type BinFolder, readBin } from './bins.ts';
import { referenceKernels } from './kernels/reference.ts';
import { arenaBytes, computeRanges, Evaluator, type InstrumentData, newRanges } from './plan/evaluate.ts';
import type { Plan } from './plan/plan.ts';
import type { Range } from './plan/step.ts';
import type { FieldSpec } from './provider.ts';
import { buildRows, intersectRanges, joinRanges, scatter } from './rows.ts';

export interface FeatureJob {
  readonly plan: Plan;
  readonly fields: readonly FieldSpec[];
  readonly bins: BinFolder;
  readonly times: Float64Array;
  /** Sorted by name. */
  readonly instruments: readonly string[];
  /** Calendar days on which each instrument may have rows; null: all. */
  readonly spans: readonly (readonly Range[] | null)[];
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** Computes the columns of a job. */
export async function computeFeatures(job: FeatureJob): Promise<Panel> {
  const { plan, times } = job;
  const ranges = newRanges(plan);
  const names: string[] = [];
  const days: (readonly Range[])[] = [];
  job.instruments.forEach((instrument, i) => {
    computeRanges(plan, instrumentData(job, instrument), ranges, times);
    const covered = joinRanges(
      plan.fields.map(({ value, clip }) => ({
        from: Math.max(ranges.from[value.id]!, clip!.from),
        to: Math.min(ranges.to[value.id]!, clip!.to),
      })),
    );
    const spans = job.spans[i];
    const kept = spans ? intersectRanges(covered, joinRanges(spans)) : covered;
    if (kept.length === 0) return;
    names.push(instrument);
    days.push(kept);
  });
  const { index, map } = buildRows(times, plan.range, names, days);
  const columns = job.fields.map(() => allocate('f32', index.length));
  const evaluator = new Evaluator(plan, referenceKernels(new ArrayBuffer(arenaBytes(plan))), times);
  names.forEach((instrument, code) => {
    evaluator.run(instrumentData(job, instrument), (field, values, first) =>
      scatter(map, code, values, first, columns[field]!),
    );
    job.onProgress?.((code + 1) / names.length);
  });
  return new Panel(
    index,
    job.fields.map(({ group, name }, i) => denseColumn(group, name, columns[i]!)),
  );
}

function instrumentData({ plan, bins }: FeatureJob, instrument: string): InstrumentData {
  const find = (source: number) =>
    bins.find(plan.sources[source]!.instrument ?? instrument, plan.sources[source]!.field);
  return {
    instrument,
    days: (source) => {
      const bin = find(source);
      return bin ? { from: bin.start, to: bin.start + bin.length } : { from: 0, to: 0 };
    },
    read: (source, from, out) => readBin(find(source)!, from, out),
  };
}
