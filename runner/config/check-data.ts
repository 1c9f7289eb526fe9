import { type KeyPath, UserError } from '../../components/core/errors.ts';
import type { DataProvider } from '../../components/data/provider.ts';
import { inventoryOf } from './check.ts';
import { checkDays } from './rules/days.ts';
import { checkFields, checkPrices } from './rules/fields.ts';
import { checkFreqsInData } from './rules/freqs.ts';
import { checkBenchmark, checkCodes, checkInstruments, checkTopk } from './rules/instruments.ts';
import type { DataScene, Rule } from './rules/scene.ts';
import type { Findings, Workflow } from './types.ts';

/**
 * Mistakes that show only beside the data: markets, benchmark, fields, prices, ranges without a trading day, a topk above the number of instruments. Reads
 * calendars, instrument files and names of fields, no values. `checkWorkflow` must have been called with the same workflow.
 */
export async function checkAgainstData(workflow: Workflow, data: DataProvider): Promise<Findings> {
  const inventory = inventoryOf(workflow);
  const ofKind = (kind: string) => inventory.components.filter((c) => c.kind === kind);
  const scene: DataScene = {
    data,
    handlers: ofKind('handler'),
    datasets: ofKind('dataset'),
    strategies: ofKind('strategy'),
    records: ofKind('record'),
  };
  const errors: UserError[] = [];
  const warnings: UserError[] = [];
  const rules: readonly Rule[] = [
    checkInstruments,
    checkBenchmark,
    checkCodes,
    (s, f) => checkFields(s, f, inventory.expressions),
    checkPrices,
    checkFreqsInData,
    checkDays,
    checkTopk,
  ];
  for (const rule of rules) {
    try {
      await rule(scene, { errors, warnings });
    } catch (error) {
      // files of the data folder that are absent or broken
      if (!(error instanceof UserError)) throw error;
      errors.push(error.within(['qlib_init', 'provider_uri']));
    }
  }
  return { errors: distinct(errors), warnings: distinct(warnings) };
}

function distinct(errors: readonly UserError[]): UserError[] {
  const key = (path: KeyPath, problem: string) => `${path.join('\0')}\0\0${problem}`;
  return [...new Map(errors.map((e) => [key(e.path, e.problem), e])).values()];
}
