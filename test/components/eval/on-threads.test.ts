import { describe, expect, it } from 'vitest';
import { denseColumn, Panel, PanelIndex } from '../../../components/core/panel.ts';
import { WorkerPool } from '../../../components/core/workers.ts';
import { bootstrapInterval, ratioFigure } from '../../../components/eval/bootstrap.ts';
import { costSurface, type Fill } from '../../../components/eval/cost-surface.ts';
import {
  costSurfaceOn,
  intervalsOn,
  scoreFiguresOn,
  signalAnalysisOn,
} from '../../../components/eval/on-threads.ts';
import { scoreFigures } from '../../../components/eval/score-figures.ts';
import { signalAnalysis } from '../../../components/eval/signal-analysis.ts';

const [days, instruments] = [300, 200];
/** Numbers in [0, 1) that look like chance. */
const noise = (i: number) => ((i * 7919 + 104_729) % 65_537) / 65_537;

function panelOf(seed: number): Panel {
  const rows = days * instruments;
  const index = new PanelIndex(
    Float64Array.from({ length: days }, (_, t) => t * 86_400_000),
    Int32Array.from({ length: days + 1 }, (_, t) => t * instruments),
    Array.from({ length: instruments }, (_, i) => `I${String(i).padStart(3, '0')}`),
    Int32Array.from({ length: rows }, (_, row) => row % instruments),
  );
  const values = Float64Array.from({ length: rows }, (_, row) =>
    row % 97 === 0 ? Number.NaN : noise(row * seed) - 0.5,
  );
  return new Panel(index, [denseColumn(null, 'x', values)]);
}

describe('figures on a thread', () => {
  it('are those of the calling thread', async () => {
    const pool = new WorkerPool(2);
    const [pred, label] = [panelOf(3), panelOf(5)];
    const cells = instruments * days;
    const price = Float64Array.from({ length: cells }, (_, i) => 10 + noise(i));
    const fills: Fill[] = Array.from({ length: 2500 }, (_, i) => ({
      day: 30 + (i % 250),
      instrument: i % instruments,
      shares: i % 2 === 0 ? 100 : -100,
      price: 10 + noise(i),
      fee: 1,
    }));
    const input = {
      ...{ days, first: 30, instruments, fills, close: price, dealPrice: price, account: 1e6 },
      volume: new Float64Array(cells).fill(1e5),
      held: new Float64Array(instruments).fill(500),
      bench: new Float64Array(days),
    };
    const axes = { costs: [0, 1], delays: [0, 1], capitals: [0, 1], steps: 252 };
    const series = Float64Array.from({ length: 400 }, (_, i) => noise(i) - 0.4);
    const [figures, surface, analysis, intervals] = await Promise.all([
      scoreFiguresOn(pool, pred, label),
      costSurfaceOn(pool, input, axes),
      signalAnalysisOn(pool, pred, label, true),
      intervalsOn(pool, 'ratio', [series]),
    ]);
    expect(analysis).toEqual(signalAnalysis(pred, label, true));
    expect(intervals).toEqual([bootstrapInterval(series, ratioFigure)]);
    expect(figures).toEqual(scoreFigures(pred, label));
    expect(figures.precision.map(({ k }) => k)).toEqual([1, 5, 10, 20, 50]);
    expect(surface).toEqual(costSurface(input, axes));
    await pool.close();
  });
});
