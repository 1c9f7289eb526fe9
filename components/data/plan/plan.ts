import { expressionError } from '../expression/expression-error.ts';
import { type Operators, parseExpression } from '../expression/parse.ts';
import { type Tree, windowOf } from '../expression/tree.ts';
import { PlacedProblem, PlanBuilder } from './builder.ts';
import { type PlannedStep, schedule } from './schedule.ts';
import type { Range, Source, Use } from './step.ts';

/** What has to be done for each instrument, the same for all of them. */
export interface Plan {
  /** In the order in which they run. */
  readonly steps: readonly PlannedStep[];
  /** The column of each field, cut to the days asked for. */
  readonly fields: readonly Use[];
  readonly sources: readonly Source[];
  /** Days asked for. */
  readonly range: Range;
  /** Number of columns that are alive at the same time at most. */
  readonly slots: number;
  /** Days of the longest column. */
  readonly rows: number;
  /** Number of columns in all. */
  readonly values: number;
}

/**
 * Plans expressions for the calendar days [from, to): each is loaded with the days around them that qlib loads (`windowOf`), from the first
 * calendar day at the earliest, because what a window has seen before decides how its result is rounded.
 * @throws UserError that points into the expression
 */
export function makePlan(expressions: readonly string[], range: Range, operators?: Operators): Plan {
  const builder = new PlanBuilder();
  const known = new Map<string, Use>();
  const fields = expressions.map((text) => {
    const before = known.get(text);
    if (before) return before;
    const tree = parseExpression(text, operators);
    const use = { value: planned(builder, tree, text, range), clip: range };
    known.set(text, use);
    return use;
  });
  return { ...schedule(builder.steps, fields), fields, range };
}

function planned(builder: PlanBuilder, tree: Tree, text: string, range: Range) {
  const { left, right } = windowOf(tree);
  if (left === Number.NEGATIVE_INFINITY)
    throw expressionError(
      text,
      tree.at.from,
      'a Corr or Cov over all days so far (N = 0) has no first day, in qlib neither',
      'give a window of at least 2',
    );
  try {
    return builder.expression(tree, text, { from: Math.max(0, range.from - left), to: range.to + right });
  } catch (error) {
    if (error instanceof PlacedProblem) throw expressionError(text, error.at, error.problem, error.hint);
    throw error;
  }
}
