import type { DataProvider } from '../../components/data/provider.ts';
import type { Findings, Workflow } from './types.ts';

/** Mistakes that show only beside the data: markets, benchmark, fields, dates off the calendar. */
export async function checkAgainstData(_workflow: Workflow, _data: DataProvider): Promise<Findings> {
  throw new Error('under construction');
}
