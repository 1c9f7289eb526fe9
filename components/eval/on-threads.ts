import { Panel, PanelIndex } from '../core/panel.ts';
import type { WorkerPool } from '../core/workers.ts';
import { costSurface, type Surface, type SurfaceAxes, type SurfaceInput } from './cost-surface.ts';
import { type ScoreFigures, scoreFigures } from './score-figures.ts';

/** Scores and fills from which on a thread pays. */
const worthThread = { scores: 50_000, fills: 2000 };

/** `scoreFigures` on a thread of the pool, where there is one and enough to do. */
export async function scoreFiguresOn(
  pool: WorkerPool | undefined,
  pred: Panel,
  label: Panel,
): Promise<ScoreFigures> {
  if (!pool || pred.length < worthThread.scores) return scoreFigures(pred, label);
  return pool.run<ScoreFigures>('score-figures', { pred, label });
}

/** `costSurface` on a thread of the pool, where there is one and enough to do. */
export async function costSurfaceOn(
  pool: WorkerPool | undefined,
  input: SurfaceInput,
  axes: SurfaceAxes,
): Promise<Surface> {
  if (!pool || input.fills.length < worthThread.fills) return costSurface(input, axes);
  return pool.run<Surface>('cost-surface', { input, axes });
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
