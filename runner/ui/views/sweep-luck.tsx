import { deflatedSharpe, expectedMaxSharpe, sharpeSample } from '../../../components/eval/sharpe.ts';
import { get, useLoaded } from '../api.ts';
import { present, returnsOf } from '../charts/figures.ts';
import { shownPercent } from '../format.ts';
import { Card } from '../parts/basics.tsx';
import type { Research } from '../types.ts';
import { numberOf } from './compare-data.ts';
import type { SweepSummary } from './sweep-data.ts';

const ratio = 'metrics.1day.excess_return_with_cost.information_ratio';
/** qlib's days a year in its information ratio. */
const year = 238;

/** The best of many tries looks good by luck alone: what would be expected of it, and what is left (Bailey and López de Prado). */
export function SweepLuck({ summary }: { summary: SweepSummary }) {
  const ratios = summary.runs.map((run) => numberOf(run, ratio)).filter((v) => v !== null);
  const best = summary.runs
    .filter((run) => numberOf(run, ratio) !== null)
    .sort((a, b) => numberOf(b, ratio)! - numberOf(a, ratio)!)[0];
  const loaded = useLoaded(`luck ${best?.id} ${ratios.length}`, async () =>
    best ? get<Research>(`runs/${encodeURIComponent(best.id)}/research`) : null,
  );
  const report = loaded.value?.report;
  const returns = report ? returnsOf(report) : null;
  if (!best || !returns || ratios.length < 2) return null;
  const perDay = ratios.map((v) => v / Math.sqrt(year));
  const mean = perDay.reduce((a, b) => a + b, 0) / perDay.length;
  const variance = perDay.reduce((a, v) => a + (v - mean) ** 2, 0) / (perDay.length - 1);
  const sample = sharpeSample(present(returns.excess));
  const expected = expectedMaxSharpe(ratios.length, variance) * Math.sqrt(year);
  const left = deflatedSharpe(sample, { trials: ratios.length, variance });
  return (
    <Card title="How much is luck?">
      <dl class="tiles">
        <div>
          <dt>Best information ratio</dt>
          <dd>{numberOf(best, ratio)?.toFixed(2)}</dd>
        </div>
        <div>
          <dt>Expected of the best of {ratios.length} by luck</dt>
          <dd>{expected.toFixed(2)}</dd>
        </div>
        <div>
          <dt>Probability that it is more than luck</dt>
          <dd>{shownPercent(left)}</dd>
        </div>
      </dl>
      <p class="muted">
        Deflated Sharpe ratio of the daily excess return after cost, for as many tries as the sweep has runs.
      </p>
    </Card>
  );
}
