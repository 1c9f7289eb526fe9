import { explainPlan } from '../../../components/data/plan/explain.ts';
import { reportError } from '../../report-error.ts';

/** `qrun data explain EXPR...`: the steps that compute expressions, each once; returns the exit code. */
export function dataExplainCommand(expressions: readonly string[], days: number): number {
  try {
    const fields = expressions.map((expression) => ({ group: null, name: expression, expression }));
    process.stdout.write(`${explainPlan(fields, days)}\n`);
    return 0;
  } catch (error) {
    return reportError(error, false);
  }
}
