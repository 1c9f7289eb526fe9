import { isTable, tableToPanel } from '../../components/backtest/signal-table.ts';
import { UserError } from '../../components/core/errors.ts';
import type { Panel } from '../../components/core/panel.ts';
import type { SeriesTable, Table } from '../../components/core/table.ts';
import type { Recorder } from '../tracking/recorder.ts';

/** Scores by (datetime, instrument) that SignalRecord saved. @throws UserError where the artifact is something else. */
export async function loadPanel(recorder: Recorder, name: string): Promise<Panel> {
  return tableToPanel(await loadTable(recorder, name));
}

/** Labels of one column. */
export interface Labels {
  readonly panel: Panel;
  /** They were saved as float32: pandas then keeps their means in float32. */
  readonly isSingle: boolean;
}

/** One column of `label.pkl`, by position; negative positions count from the end, as in Python. @throws UserError where there is none. */
export async function loadLabels(recorder: Recorder, at: number): Promise<Labels> {
  const table = await loadTable(recorder, 'label.pkl');
  const panel = tableToPanel(table);
  const column = panel.columns.at(at);
  if (!column)
    throw new UserError(`label_col is ${at}`, {
      hint: `label.pkl has ${panel.columns.length} columns: ${panel.columns.map((c) => c.name).join(', ')}`,
      path: ['label_col'],
    });
  const dtype = table.kind === 'series' ? table.dtype : table.columns.at(at)?.dtype;
  return { panel: panel.withColumns([column]), isSingle: dtype === 'float32' };
}

async function loadTable(recorder: Recorder, name: string): Promise<Table | SeriesTable> {
  const value = await recorder.loadObject(name);
  if (!isTable(value) || value.index.length !== 2)
    throw new UserError(`artifact "${name}" holds no table by (datetime, instrument)`, {
      hint:
        value === null
          ? 'it holds None: the handler kept no raw labels (drop_raw)'
          : 'SignalRecord writes one',
    });
  return value;
}
