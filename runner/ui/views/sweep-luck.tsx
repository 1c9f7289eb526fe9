import { get, useLoaded } from '../api.ts';
import { shownPercent } from '../format.ts';
import { Card } from '../parts/basics.tsx';
import type { SweepSummary } from './sweep-data.ts';

interface Luck {
  readonly trials: number;
  readonly compared: number;
  readonly days: number;
  readonly sharpe: number;
  readonly expectedMax: number;
  readonly deflated: number;
  readonly overfitting: {
    readonly probability: number;
    readonly probabilityOfLoss: number;
    readonly splits: number;
  } | null;
  readonly superior: { readonly spa: number } | null;
}

/** Trading days a year, as Sharpe ratios are told. */
const year = 252;
const perYear = (ratio: number): string => (ratio * Math.sqrt(year)).toFixed(2);

/** The best of many tries looks good by luck alone: what would be expected of it, and what is left. */
export function SweepLuck({ summary }: { summary: SweepSummary }) {
  const done = summary.runs.filter((run) => run.status === 'FINISHED').length;
  const loaded = useLoaded(`luck ${summary.id} ${done}`, () =>
    get<{ luck: Luck | null }>(`sweeps/${encodeURIComponent(summary.id)}/luck`),
  );
  const luck = loaded.value?.luck;
  if (!luck || luck.compared < 2) return null;
  const tiles: readonly (readonly [string, string])[] = [
    ['Best Sharpe ratio of the excess return', perYear(luck.sharpe)],
    [`Expected of the best of ${luck.trials} by luck`, perYear(luck.expectedMax)],
    ['Deflated: probability of more than luck', shownPercent(luck.deflated)],
    ...(luck.overfitting
      ? ([
          ['Probability of backtest overfitting', shownPercent(luck.overfitting.probability)],
          ['Probability of loss out of sample', shownPercent(luck.overfitting.probabilityOfLoss)],
        ] as const)
      : []),
    ...(luck.superior ? ([['No better than the benchmark: p', luck.superior.spa.toFixed(3)]] as const) : []),
  ];
  return (
    <Card title="How much is luck?">
      <dl class="tiles">
        {tiles.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <p class="muted">
        Daily excess returns after cost of {luck.compared} runs over {luck.days} days: deflated Sharpe ratio,
        symmetric cross-validation
        {luck.overfitting ? ` (${luck.overfitting.splits.toLocaleString('en')} splits)` : ''}, test of
        superior predictive ability.
      </p>
    </Card>
  );
}
