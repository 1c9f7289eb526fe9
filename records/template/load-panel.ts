import { isTable, tableToPanel } from '../../components/backtest/signal-table.ts';
import { UserError } from '../../components/core/errors.ts';
import type { Panel } from '../../components/core/panel.ts';
import type { SeriesTable, Table } from '../../components/core/table.ts';
import type { Recorder } from '../tracking/recorder.ts';

/** Where artifacts are read. */
type Loading = Pick<Recorder, 'loadObject'>;

/** Scores by (datetime, instrument) that SignalRecord saved. @throws UserError where the artifact is something else. */
export async function loadPanel(recorder: Loading, name: string): Promise<Panel> {
  return tableToPanel(await loadTable(recorder, name));
}

/** One column of `label.pkl`, by position; negative positions count from the end, as in Python. @throws UserError where there is none. */
export async function loadLabels(recorder: Loading, at: number): Promise<Panel> {
  const panel = await loadPanel(recorder, 'label.pkl');
  const column = panel.columns.at(at);
  if (!column)
    throw new UserError(`label_col is ${at}`, {
      hint: `label.pkl has ${panel.columns.length} columns: ${panel.columns.map((c) => c.name).join(', ')}`,
      path: ['label_col'],
    });
  return panel.withColumns([column]);
}

async function loadTable(recorder: Loading, name: string): Promise<Table | SeriesTable> {
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
