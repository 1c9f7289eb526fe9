import { UserError } from '../core/errors.ts';
import { listed } from '../core/listed.ts';
import type { Log } from '../core/log.ts';
import { allocate, denseColumn, Panel, type PanelIndex } from '../core/panel.ts';
import type { WorkerPool } from '../core/workers.ts';
import type { BinFolder } from './bins.ts';
import type { OperatorModule } from './expression/operator-set.ts';
import {
  computeInstruments,
  type FeatureShare,
  type Noticed,
  type ShareResult,
  type SourceFiles,
} from './features-task.ts';
import type { Plan } from './plan/plan.ts';
import { computeRanges, type InstrumentData, newRanges } from './plan/ranges.ts';
import type { Range } from './plan/step.ts';
import type { PitFiles } from './point-in-time/pit-field.ts';
import type { PitFolder } from './point-in-time/pit-folder.ts';
import type { pitFieldsOf } from './point-in-time/pit-plan.ts';
import type { FieldSpec } from './provider.ts';
import { buildRows, intersectRanges, joinRanges, type RowMap } from './rows.ts';

export interface FeatureJob {
  readonly plan: Plan;
  /** Where operators of the user's own come from. */
  readonly operators: readonly OperatorModule[];
  readonly fields: readonly FieldSpec[];
  readonly bins: BinFolder;
  readonly pit: PitFolder;
  /** Of each source of the plan, see `pitFieldsOf`. */
  readonly pitFields: readonly ReturnType<typeof pitFieldsOf>[];
  readonly times: Float64Array;
  /** Sorted by name. */
  readonly instruments: readonly string[];
  /** Calendar days on which each instrument may have rows; null: all. */
  readonly spans: readonly (readonly Range[] | null)[];
  /** Without one everything is computed in this thread. */
  readonly pool: WorkerPool | undefined;
  readonly log: Log;
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** Cells below which threads would cost more than they save. */
const smallJob = 2e6;

/** The rows of a job, and where each instrument's days stand among them. */
export interface FeatureRows {
  readonly index: PanelIndex;
  readonly map: RowMap;
  /** Those that have rows. */
  readonly instruments: readonly string[];
}

/** Computes the columns of a job: the same bits for any number of threads. `rows` are those of `featureRows`. */
export async function computeFeatures(job: FeatureJob, rows = featureRows(job)): Promise<Panel> {
  const { fields } = job;
  const columns = fields.map(() => allocate('f32', rows.index.length));
  await fillColumns(job, rows, columns);
  return new Panel(
    rows.index,
    fields.map(({ group, name }, i) => denseColumn(group, name, columns[i]!)),
  );
}

/** The rows that any field of a job has. Threads that will compute its columns are started first. */
export function featureRows(job: FeatureJob): FeatureRows {
  const { plan, fields, pool } = job;
  if (pool && job.instruments.length * (plan.range.to - plan.range.from) * fields.length >= smallJob)
    warmUp(pool, job);
  const { instruments, days } = rowsOfJob(job);
  return { instruments, ...buildRows(job.times, job.plan.range, instruments, days) };
}

/** Computes the columns of a job over rows that may be those of more fields; values that a field has no day for are NaN. */
export async function fillColumns(
  job: FeatureJob,
  { index, map, instruments }: FeatureRows,
  columns: readonly Float32Array[],
): Promise<void> {
  const { plan, times, fields, pool, log, onProgress } = job;
  const small = !pool || index.length * fields.length < smallJob;
  const threads = small ? 1 : Math.max(1, Math.min(pool.size, instruments.length));
  const share: FeatureShare = {
    expressions: fields.map((f) => f.expression),
    operators: job.operators,
    range: plan.range,
    times,
    instruments,
    threads,
    sources: plan.sources.map((_, source) => sourceFiles(job, source, instruments)),
    map,
    columns,
    next: new Int32Array(new SharedArrayBuffer(4)),
  };
  let done = 0;
  const report = (more: number) => {
    done += more;
    onProgress?.(done / instruments.length);
  };
  const noticed: Noticed[] = [];
  if (small) noticed.push(computeInstruments(share, plan, report));
  else {
    const results = await pool.all<ShareResult>(
      'features',
      Array.from({ length: threads }, () => share),
      (more) => report(Number(more)),
    );
    const failed = results.find((result) => result.problem)?.problem;
    if (failed) throw new UserError(failed.text, { hint: failed.hint });
    noticed.push(...results);
  }
  const odd = noticed.flatMap((one) => one.odd);
  if (odd.length > 0) log.warn(`prices are zero, negative or infinite: ${listed(odd.sort())}`);
  const blank = noticed.flatMap((one) => one.blank);
  if (blank.length > 0) log.warn(`fields have no value in this time, all is NaN: ${listed(blank.sort())}`);
}

/** Starts the threads and loads their kernels while this one looks at the files. */
function warmUp(pool: WorkerPool, job: FeatureJob): void {
  const { plan, times } = job;
  const empty = new Int32Array(new SharedArrayBuffer(4));
  const nothing: FeatureShare = {
    expressions: [],
    operators: job.operators,
    range: plan.range,
    times,
    instruments: [],
    threads: 1,
    sources: [],
    map: { segments: empty, from: empty, to: empty, offset: empty, rows: empty },
    columns: [],
    next: empty,
  };
  // whatever fails now fails again, and is told, when there is work
  pool
    .all(
      'features',
      Array.from({ length: pool.size }, () => nothing),
    )
    .catch(() => {});
}

/** The instruments that have rows, with the days of each: those of all its columns that lie in its spans. */
function rowsOfJob(job: FeatureJob): { instruments: string[]; days: (readonly Range[])[] } {
  const instruments: string[] = [];
  const days: (readonly Range[])[] = [];
  const known = new Map<string, readonly Range[]>();
  job.instruments.forEach((instrument, i) => {
    const data = instrumentDays(job, instrument);
    const key = job.plan.sources
      .map((_, source) => `${data.days(source).from}:${data.days(source).to}`)
      .join();
    let covered = known.get(key);
    if (!covered) known.set(key, (covered = coveredDays(job, data)));
    const spans = job.spans[i];
    const kept = spans ? intersectRanges(covered, joinRanges(spans)) : covered;
    if (kept.length === 0) return;
    instruments.push(instrument);
    days.push(kept);
  });
  return { instruments, days };
}

/** Days on which any column of an instrument has a value, or NaN in place of one. */
function coveredDays({ plan, times }: FeatureJob, data: InstrumentData): Range[] {
  const ranges = newRanges(plan);
  computeRanges(plan, data, ranges, times);
  return joinRanges(
    plan.fields.map(({ value, clip }) => ({
      from: Math.max(ranges.from[value.id]!, clip!.from),
      to: Math.min(ranges.to[value.id]!, clip!.to),
    })),
  );
}

function instrumentDays(job: FeatureJob, instrument: string): InstrumentData {
  const { plan, bins, times } = job;
  return {
    instrument,
    days: (source) => {
      const { instrument: other, field, pit } = plan.sources[source]!;
      if (pit) return { from: 0, to: pitFiles(job, source, instrument) ? times.length : 0 };
      const bin = bins.find(other ?? instrument, field);
      return bin ? { from: bin.start, to: bin.start + bin.length } : { from: 0, to: 0 };
    },
    read: () => {
      throw new Error('only days are looked at');
    },
  };
}

/** The files of the fields that a point-in-time source reads; null where one of them is absent, then there is no value at all (qlib). */
function pitFiles({ pit, pitFields }: FeatureJob, source: number, instrument: string): PitFiles[] | null {
  const found = pitFields[source]!.map(({ field, instrument: other }) =>
    pit.find(other ?? instrument, field),
  );
  return found.every((files) => files !== null) ? found : null;
}

function sourceFiles(job: FeatureJob, source: number, instruments: readonly string[]): SourceFiles {
  const { plan, bins, times } = job;
  const { instrument, field, pit } = plan.sources[source]!;
  const starts = new Int32Array(new SharedArrayBuffer(4 * instruments.length));
  const lengths = new Int32Array(new SharedArrayBuffer(4 * instruments.length));
  if (pit) {
    const periods = instruments.map((name, i) => {
      const files = pitFiles(job, source, name);
      lengths[i] = files ? times.length : 0;
      return files ?? [];
    });
    return { files: [], periods, starts, lengths };
  }
  const files = instruments.map((name, i) => {
    const bin = bins.find(instrument ?? name, field);
    starts[i] = bin?.start ?? 0;
    lengths[i] = bin?.length ?? 0;
    return bin?.file ?? '';
  });
  return { files, periods: [], starts, lengths };
}
