import { Panel, PanelIndex } from '../core/panel.ts';
import type { TaskRunner } from '../core/workers.ts';
import { bootstrapInterval, type Interval, meanFigure, ratioFigure } from './bootstrap.ts';
import { costSurface, type Surface, type SurfaceAxes, type SurfaceInput } from './cost-surface.ts';
import { type ScoreFigures, scoreFigures } from './score-figures.ts';
import { type SignalAnalysis, signalAnalysis } from './signal-analysis.ts';

/** Scores, fills and steps from which on a thread pays. */
const worthThread = { scores: 50_000, fills: 2000, steps: 300 };

/** `scoreFigures` on a thread of the pool, where there is one and enough to do. */
export async function scoreFiguresOn(
  pool: TaskRunner | undefined,
  pred: Panel,
  label: Panel,
): Promise<ScoreFigures> {
  if (!pool || pred.length < worthThread.scores) return scoreFigures(pred, label);
  return pool.run<ScoreFigures>('score-figures', { pred, label });
}

/** `signalAnalysis` on a thread of the pool, where there is one and enough to do. */
export async function signalAnalysisOn(
  pool: TaskRunner | undefined,
  pred: Panel,
  label: Panel,
  withLongShort: boolean,
): Promise<SignalAnalysis> {
  if (!pool || pred.length < worthThread.scores) return signalAnalysis(pred, label, withLongShort);
  return pool.run<SignalAnalysis>('signal-analysis', { pred, label, withLongShort });
}

/** `costSurface` on a thread of the pool, where there is one and enough to do. */
export async function costSurfaceOn(
  pool: TaskRunner | undefined,
  input: SurfaceInput,
  axes: SurfaceAxes,
): Promise<Surface> {
  if (!pool || input.fills.length < worthThread.fills) return costSurface(input, axes);
  return pool.run<Surface>('cost-surface', { input, axes });
}

const figures = { mean: meanFigure, ratio: ratioFigure };
export type IntervalFigure = keyof typeof figures;

interface IntervalsInput {
  readonly figure: IntervalFigure;
  readonly series: readonly Float64Array[];
}

/** `bootstrapInterval` of a figure of each series, on a thread of the pool, where there is one and enough to do. */
export async function intervalsOn(
  pool: TaskRunner | undefined,
  figure: IntervalFigure,
  series: readonly Float64Array[],
): Promise<Interval[]> {
  if (!pool || series.every(({ length }) => length < worthThread.steps))
    return intervalsTask({ figure, series });
  return pool.run<Interval[]>('intervals', { figure, series } satisfies IntervalsInput);
}

/** The worker task `intervals`. */
export function intervalsTask({ figure, series }: IntervalsInput): Interval[] {
  return series.map((values) => bootstrapInterval(values, figures[figure]));
}

/** The worker task `score-figures`. */
export function scoreFiguresTask({
  pred,
  label,
}: {
  readonly pred: Panel;
  readonly label: Panel;
}): ScoreFigures {
  return scoreFigures(revived(pred), revived(label));
}

/** The worker task `signal-analysis`. */
export function signalAnalysisTask(given: {
  readonly pred: Panel;
  readonly label: Panel;
  readonly withLongShort: boolean;
}): SignalAnalysis {
  return signalAnalysis(revived(given.pred), revived(given.label), given.withLongShort);
}

/** The worker task `cost-surface`. */
export function costSurfaceTask({
  input,
  axes,
}: {
  readonly input: SurfaceInput;
  readonly axes: SurfaceAxes;
}): Surface {
  return costSurface(input, axes);
}

/** A panel that came from another thread, where it lost its class. */
function revived({ index, columns }: Pick<Panel, 'index' | 'columns'>): Panel {
  return new Panel(new PanelIndex(index.times, index.offsets, index.instruments, index.codes), columns);
}
