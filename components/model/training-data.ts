import { UserError } from '../core/errors.ts';
import { denseValues, type Panel, type Values } from '../core/panel.ts';
import type { Dataset } from '../dataset/types.ts';
import type { FeatureColumn } from './gbdt/index.ts';

/** Rows of a segment as tree models learn from them. */
export interface LabelledRows {
  /** With index and names; `columns` and `label` are views of it. */
  readonly panel: Panel;
  /** Without names: qlib hands bare matrices to the libraries. */
  readonly columns: readonly FeatureColumn[];
  readonly label: Values;
}

/**
 * The learn view of a segment. `model` is the model's name, for errors.
 * @throws UserError where there are no rows or not just one label.
 */
export async function labelledRows(dataset: Dataset, segment: string, model: string): Promise<LabelledRows> {
  const panel = await dataset.prepare(segment, { colSet: ['feature', 'label'], dataKey: 'learn' });
  const label = oneLabel(panel, segment, model);
  const columns = panel.group('feature').columns.map(({ values, rows }) => ({ values, rows }));
  return { panel, columns, label };
}

/** The label of a panel. @throws UserError where there are no rows or not just one label */
export function oneLabel(panel: Panel, segment: string, model: string): Values {
  if (panel.length === 0)
    throw new UserError(`the segment ${segment} has no rows to learn from`, {
      hint: 'check the segments and the learn processors of the dataset',
    });
  const labels = panel.group('label').columns;
  if (labels.length !== 1)
    throw new UserError(`${model} learns one label, the dataset has ${labels.length}`, {
      hint: 'let the handler make one label',
    });
  return denseValues(labels[0]!);
}
