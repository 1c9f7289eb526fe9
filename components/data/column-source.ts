import type { Operators } from './expression/parse.ts';
import { type FeatureJob, type FeatureRows, fillColumns } from './features.ts';
import { fieldFamilies } from './plan/families.ts';
import { makePlan } from './plan/plan.ts';
import type { ColumnSource } from './provider.ts';

/** The columns of a job, computed some at a time over the rows of all, `rows`. */
export function columnSource(job: FeatureJob, rows: FeatureRows, operators: Operators): ColumnSource {
  return {
    index: rows.index,
    fields: job.fields,
    get families() {
      return fieldFamilies(job.plan);
    },
    async fill(fields, out, onProgress) {
      const chosen = fields.map((i) => job.fields[i]!);
      const plan = makePlan(
        chosen.map((field) => field.expression),
        job.plan.range,
        operators,
      );
      await fillColumns({ ...job, plan, fields: chosen, onProgress }, rows, out);
    },
  };
}
