import type { Panel } from '../../../components/core/panel.ts';
import { tableToPanel } from '../../../components/core/table-to-panel.ts';
import { scoreAutocorrelation } from '../../../components/eval/autocorrelation.ts';
import { type GroupReturns, groupReturns } from '../../../components/eval/group-returns.ts';
import { dailyIC } from '../../../components/eval/ic.ts';
import { precisionAtK } from '../../../components/eval/precision-at-k.ts';
import { averageOf } from '../../../components/eval/risk.ts';
import type { Recorder } from '../../tracking/recorder.ts';
import { loadTable, timesOf } from './load.ts';

/** The signal against its labels, day by day. */
export interface SignalData {
  readonly times: Float64Array;
  readonly ic: Float64Array;
  readonly ric: Float64Array;
  readonly groups: GroupReturns;
  /** Of the scores with those of the day before. */
  readonly autocorrelation: { readonly times: Float64Array; readonly values: Float64Array };
  /** Instruments with a score a day. */
  readonly coverage: Float64Array;
  readonly precision: readonly Precision[];
}

/** How often the k best scores of a day turn out right: mean over days. */
export interface Precision {
  readonly k: number;
  /** Their label is above 0. */
  readonly rising: number;
  /** Their label is above the mean of the day. */
  readonly better: number;
}

const ks = [1, 5, 10, 20, 50];

/** Of `pred.pkl`, the first column of `label.pkl`, and the ICs that SigAnaRecord saved; undefined without scores or labels. */
export async function loadSignal(
  recorder: Recorder,
  names: ReadonlySet<string>,
): Promise<SignalData | undefined> {
  if (!names.has('pred.pkl') || !names.has('label.pkl')) return undefined;
  const [pred, label] = [await panelOf(recorder, 'pred.pkl'), await panelOf(recorder, 'label.pkl')];
  if (!pred || !label || pred.length === 0 || label.length === 0) return undefined;
  const { index } = pred;
  return {
    ...((await savedIC(recorder, names)) ?? dailyIC(pred, label)),
    groups: groupReturns(pred, label),
    autocorrelation: scoreAutocorrelation(pred),
    precision: precisionOf(pred, label),
    coverage: Float64Array.from(index.times, (_, t) => index.offsets[t + 1]! - index.offsets[t]!),
  };
}

function precisionOf(pred: Panel, label: Panel): Precision[] {
  const { index } = pred;
  const some = ks.filter((k) => k < index.length / index.times.length);
  const { rising, better } = precisionAtK(pred, label, some);
  return some.map((k, i) => ({ k, rising: averageOf(rising[i]!), better: averageOf(better[i]!) }));
}

async function panelOf(recorder: Recorder, name: string): Promise<Panel | undefined> {
  const table = await loadTable(recorder, name);
  return table?.index.length === 2 ? tableToPanel(table) : undefined;
}

async function savedIC(recorder: Recorder, names: ReadonlySet<string>) {
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
