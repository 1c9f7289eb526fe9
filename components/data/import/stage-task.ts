import { join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { finishRows } from './finish-rows.ts';
import type { ReadOptions } from './options.ts';
import { type StagedPart, writePart } from './part-file.ts';
import { readCsv } from './read-csv.ts';

export interface StageJob {
  readonly file: string;
  /** The files of this job begin with it. */
  readonly prefix: string;
  readonly folder: string;
  readonly options: ReadOptions;
}

export interface StageResult {
  readonly parts: readonly StagedPart[];
  /** Times of all parts, each once, ascending. */
  readonly times: Float64Array;
  /** What was wrong with the file. */
  readonly problem: { readonly text: string; readonly hint: string | undefined } | null;
}

/** Reads one source file and keeps its instruments, sorted and adjusted, in the staging folder. */
export async function stageTask({ file, prefix, folder, options }: StageJob): Promise<StageResult> {
  try {
    const { layout, groups } = /\.parquet$/i.test(file)
      ? await import('./read-parquet.ts').then((m) => m.readParquetRows(file, options))
      : await readCsv(file, options);
    const parts: StagedPart[] = [];
    let times = new Float64Array(0);
    const all: Float64Array[] = [];
    for (const [i, rows] of groups.entries()) {
      if (rows.length === 0) continue;
      const part = finishRows(rows, layout, options, file);
      parts.push(writePart(join(folder, `${prefix}-${i}`), part));
      all.push(part.times);
    }
    if (all.length === 1) times = Float64Array.from(all[0]!);
    else if (all.length > 1) {
      const distinct = new Set<number>();
      for (const one of all) for (const time of one) distinct.add(time);
      times = Float64Array.from(distinct).sort();
    }
    return { parts, times, problem: null };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { parts: [], times: new Float64Array(0), problem: { text: error.problem, hint: error.hint } };
  }
}
