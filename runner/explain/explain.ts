import { lowerBound, type Time } from '../../components/core/dates.ts';
import type { Log } from '../../components/core/log.ts';
import type { Panel } from '../../components/core/panel.ts';
import { tableToPanel } from '../../components/core/table-to-panel.ts';
import { isTable } from '../../records/codec/tables.ts';
import { at, portConfig } from '../../records/report/data/run-facts.ts';
import type { Recorder } from '../../records/tracking/recorder.ts';
import type { TrackingStore } from '../../records/tracking/store.ts';
import type { ColumnTrace, Explanation, FeatureTrace, ScoreInfo } from './explanation.ts';
import { modelExplainer, type RowExplainer } from './model-contributions.ts';
import { type OpenRun, withRun } from './open-run.ts';
import { checkPlace, readBar } from './read-bar.ts';
import { scoreInfo } from './score-info.ts';
import { traceFeatures } from './trace-features.ts';
import { openTradeLog } from './trade-days.ts';

export interface ExplainRequest {
  readonly recorder: Recorder;
  readonly store: TrackingStore;
  readonly log: Log;
  readonly instrument: string;
  readonly time: Time;
}

/** Reckons again what a run knew of an instrument on a day, and reads from its artifacts what came of it. */
export function explain({ recorder, store, log, instrument, time }: ExplainRequest): Promise<Explanation> {
  return withRun(recorder, log, async (run) => {
    const pred = await predOf(recorder);
    await checkPlace(run.data, pred?.index.instruments ?? [], instrument, time);
    const bar = await readBar(run.data, instrument, time);
    const traced = await traceFeatures(run, log, instrument, time);
    const model = await modelExplainer(recorder, store);
    const score = pred && scoreInfo(pred, instrument, time);
    const { features, told } = withContributions(traced, model?.explain);
    const trades = await openTradeLog(recorder, instrument, pred);
    const next = await nextDay(run, time);
    return {
      run: recorder.id,
      instrument,
      time,
      bar,
      features,
      model: model?.name ?? '',
      score: score && { ...score, ...told },
      modelScore: told.recomputed,
      strategy: strategyOf(run),
      days: [time, next].flatMap((day) => (day === undefined ? [] : (trades?.(day) ?? []))),
    };
  });
}

async function predOf(recorder: Recorder): Promise<Panel | undefined> {
  const there = new Set(await recorder.listArtifacts());
  const value = there.has('pred.pkl') ? await recorder.loadObject('pred.pkl') : undefined;
  return isTable(value) && value.index.length === 2 ? tableToPanel(value) : undefined;
}

/** Models see features as prediction has them: after the last step that is for prediction. */
function withContributions(
  trace: FeatureTrace,
  explainRow: RowExplainer | undefined,
): { features: FeatureTrace; told: Partial<Pick<ScoreInfo, 'recomputed' | 'start'>> } {
  const last = trace.steps.findLastIndex(({ place }) => !place.startsWith('learn_processors'));
  const seen = (column: ColumnTrace) => (last < 0 ? column.raw : column.after[last]);
  const inputs = trace.columns.filter((c) => c.group === 'feature' && seen(c) !== undefined);
  const found = inputs.length > 0 ? explainRow?.(inputs.map((c) => seen(c)!)) : undefined;
  if (!found || found.features.length !== inputs.length) return { features: trace, told: {} };
  const added = new Map(inputs.map((column, i) => [column, found.features[i]!]));
  return {
    features: {
      ...trace,
      columns: trace.columns.map((column) => ({ ...column, contribution: added.get(column) })),
    },
    told: { recomputed: found.score, start: found.start },
  };
}

async function nextDay({ data }: OpenRun, time: Time): Promise<Time | undefined> {
  const days = await data.calendar();
  return days[lowerBound(days, time) + 1];
}

function strategyOf({ settings }: OpenRun): Explanation['strategy'] {
  const config = portConfig(settings.task.records.map(({ spec }) => spec));
  const strategy = at(config, 'strategy');
  const name = at(strategy, 'class');
  if (typeof name !== 'string') return undefined;
  const kwargs = at(strategy, 'kwargs');
  return {
    name: name.split('.').at(-1)!,
    kwargs: typeof kwargs === 'object' && kwargs !== null ? { ...kwargs } : {},
    isNested: String(at(at(config, 'executor'), 'class') ?? '').endsWith('NestedExecutor'),
  };
}
