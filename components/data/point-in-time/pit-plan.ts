import type { Tree } from '../expression/tree.ts';
import { windowOf } from '../expression/tree.ts';
import { PlanBuilder } from '../plan/builder.ts';
import type { Plan } from '../plan/plan.ts';
import { schedule } from '../plan/schedule.ts';
import type { Source } from '../plan/step.ts';

/** Places of periods: years from 1900 to 2099, behind them their quarters. Years and quarters have no place in common, as in qlib. */
export const periodPlaces = 200 + 4 * 200;

/** Place of the period: 2019 is 119, 201901 is 676. */
export function placeOf(period: number, isQuarterly: boolean): number {
  return isQuarterly ? 200 + (Math.floor(period / 100) - 1900) * 4 + (period % 100) - 1 : period - 1900;
}

/** The period at a place. */
export function periodAt(place: number): number {
  if (place < 200) return 1900 + place;
  return (1900 + Math.floor((place - 200) / 4)) * 100 + ((place - 200) % 4) + 1;
}

/** What is inside of `P(...)`: a plan over periods in place of days. */
export interface PitPlan {
  readonly plan: Plan;
  /** Number of periods up to the latest that each field gives. */
  readonly periods: number;
}

/** Plans the inside of a P or PRef. */
export function makePitPlan(tree: Tree): PitPlan {
  const range = { from: 0, to: periodPlaces };
  const builder = new PlanBuilder('periods');
  const fields = [{ value: builder.expression(tree, '', range), clip: range }];
  return { plan: { ...schedule(builder.steps, fields), fields, range }, periods: windowOf(tree).left + 1 };
}

/** The fields that a P or PRef reads, `roe_q`, with the instruments that they are of. */
export function pitFieldsOf(source: Source): readonly { field: string; instrument: string | null }[] {
  if (!source.pit) return [];
  return makePitPlan(source.pit.tree).plan.sources.map(({ field, instrument }) => ({
    field,
    instrument: instrument ?? source.instrument,
  }));
}
