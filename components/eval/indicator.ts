import { UserError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { Table } from '../core/table.ts';

export type IndicatorMethod = 'mean' | 'amount_weighted' | 'value_weighted';

export interface IndicatorSummary {
  readonly ffr: number;
  readonly pa: number;
  readonly pos: number;
}

const weightColumns: Readonly<Record<IndicatorMethod, string>> = {
  mean: 'count',
  amount_weighted: 'deal_amount',
  value_weighted: 'value',
};

/**
 * Means of the trade indicators over time: qlib's `indicator_analysis`. ffr and pa are weighted by orders
 * (`mean`), shares or money dealt, pos always by orders. Steps without a figure add nothing above the line, but
 * their weight counts below it.
 * @param table by time, with columns ffr, pa, pos, deal_amount, value, count
 * @throws UserError for another method
 */
export function indicatorAnalysis(table: Table, method: IndicatorMethod = 'mean'): IndicatorSummary {
  const methods = Object.keys(weightColumns);
  if (!methods.includes(method)) {
    const near = nearest(method, methods);
    throw new UserError(`unknown method of indicator analysis "${method}"`, {
      hint: `${near ? `did you mean "${near}"? ` : ''}allowed: ${methods.join(', ')}`,
    });
  }
  const column = (label: string) => {
    const found = table.columns.find((c) => c.label === label);
    return found ? Array.from(found.values as ArrayLike<unknown>, Number) : [];
  };
  const weights = column(weightColumns[method]).map(Math.abs);
  const counts = column('count');
  return {
    ffr: weighted(column('ffr'), weights),
    pa: weighted(column('pa'), weights),
    pos: weighted(column('pos'), counts),
  };
}

function weighted(values: readonly number[], weights: readonly number[]): number {
  let sum = 0;
  let total = 0;
  for (const [i, weight] of weights.entries()) {
    const term = values[i]! * weight;
    if (!Number.isNaN(term)) sum += term;
    if (!Number.isNaN(weight)) total += weight;
  }
  return sum / total;
}
