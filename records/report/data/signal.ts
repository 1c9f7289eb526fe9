import type { Panel } from '../../../components/core/panel.ts';
import { tableToPanel } from '../../../components/core/table-to-panel.ts';
import type { WorkerPool } from '../../../components/core/workers.ts';
import { dailyIC } from '../../../components/eval/ic.ts';
import { scoreFiguresOn } from '../../../components/eval/on-threads.ts';
import type { ScoreFigures } from '../../../components/eval/score-figures.ts';
import type { RunWork } from '../../template/run-work.ts';
import type { Recorder } from '../../tracking/recorder.ts';
import { loadTable, timesOf } from './load.ts';

/** Information coefficients by day. */
export interface SignalIC {
  readonly times: Float64Array;
  readonly ic: Float64Array;
  readonly ric: Float64Array;
}

/** The signal against its labels, day by day. */
export interface SignalData extends SignalIC, ScoreFigures {}

/**
 * Of `pred.pkl`, the first column of `label.pkl`, and the ICs that SigAnaRecord saved; undefined without scores or labels. The figures may still
 * be worked on by a thread of the pool.
 */
export async function loadSignal(
  recorder: Recorder,
  names: ReadonlySet<string>,
  { pool, work }: { pool?: WorkerPool | undefined; work?: RunWork | undefined } = {},
): Promise<{ ics: SignalIC; figures: Promise<ScoreFigures> } | undefined> {
  if (!names.has('pred.pkl') || !names.has('label.pkl')) return undefined;
  const [pred, label] = work
    ? [await orNone(work.pred()), await orNone(work.labels(0))]
    : [await panelOf(recorder, 'pred.pkl'), await panelOf(recorder, 'label.pkl')];
  if (!pred || !label || pred.length === 0 || label.length === 0) return undefined;
  const figures = work ? work.figures() : scoreFiguresOn(pool, pred, label);
  // whoever awaits it gets the error; until then it is nobody's
  figures.catch(() => undefined);
  return { ics: (await savedIC(recorder, names)) ?? dailyIC(pred, label), figures };
}

/** What is no table of scores is nothing to report. */
function orNone<T>(work: Promise<T>): Promise<T | undefined> {
  return work.catch(() => undefined);
}

async function panelOf(recorder: Recorder, name: string): Promise<Panel | undefined> {
  const table = await loadTable(recorder, name);
  return table?.index.length === 2 ? tableToPanel(table) : undefined;
}

async function savedIC(recorder: Recorder, names: ReadonlySet<string>): Promise<SignalIC | undefined> {
  const files = ['sig_analysis/ic.pkl', 'sig_analysis/ric.pkl'];
  if (!files.every((file) => names.has(file))) return undefined;
  const [ic, ric] = await Promise.all(files.map((file) => loadTable(recorder, file)));
  const times = ic && timesOf(ic);
  if (ic?.kind !== 'series' || ric?.kind !== 'series' || !times) return undefined;
  const numbers = (values: ArrayLike<unknown>) => Float64Array.from(values, Number);
  return {
    times,
    ic: numbers(ic.values as ArrayLike<unknown>),
    ric: numbers(ric.values as ArrayLike<unknown>),
  };
}
