import { panelToTable } from '../../../components/core/table.ts';
import type { Recorder } from '../../../records/tracking/recorder.ts';
import type { TrackingStore } from '../../../records/tracking/store.ts';
import { type Combination, combinePanels } from './combine.ts';
import { recordedPanel } from './run-predictions.ts';

export interface Ensemble {
  readonly runIds: readonly string[];
  readonly how: Combination;
}

/** Tags of a run that is an ensemble. */
export const ensembleTags = { runs: 'qrun.ensemble.runs', how: 'qrun.ensemble.how' } as const;

/** The ensemble that a run's tags tell of; undefined for other runs. */
export function ensembleOf(tags: ReadonlyMap<string, string>): Ensemble | undefined {
  const runs = tags.get(ensembleTags.runs);
  if (runs === undefined) return undefined;
  return {
    runIds: JSON.parse(runs) as string[],
    how: tags.get(ensembleTags.how) === 'rank' ? 'rank' : 'mean',
  };
}

/** Saves the combined predictions and labels in place of those of a model; the other records of the workflow go on from there. */
export async function saveEnsemble(
  store: TrackingStore,
  { runIds, how }: Ensemble,
  recorder: Recorder,
): Promise<void> {
  const panels = { pred: [], label: [] } as {
    pred: Awaited<ReturnType<typeof recordedPanel>>[];
    label: Awaited<ReturnType<typeof recordedPanel>>[];
  };
  for (const runId of runIds) {
    panels.pred.push(await recordedPanel(store, runId, 'pred.pkl'));
    panels.label.push(await recordedPanel(store, runId, 'label.pkl'));
  }
  const label = panels.label[0]!.columns[0]!.name;
  await recorder.saveObjects({
    'pred.pkl': panelToTable(combinePanels(panels.pred, how, 'score')),
    'label.pkl': panelToTable(combinePanels(panels.label, 'mean', label)),
  });
}
