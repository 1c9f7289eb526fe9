import { formatTime } from '../../components/core/dates.ts';
import type { Surface } from '../../components/eval/cost-surface.ts';
import type { AttributionData } from './data/attribution.ts';
import type { OrdersData } from './data/orders.ts';
import type { PortfolioData } from './data/portfolio.ts';
import type { RunFacts } from './data/run-facts.ts';
import type { SignalData } from './data/signal.ts';
import { basisPoints, decimal, percent } from './format.ts';
import { type Content, type Html, html } from './html.ts';
import { page, type Section } from './page.ts';
import { attributionSection } from './sections/attribution.ts';
import { figuresSection } from './sections/figures.ts';
import { holdingsSection } from './sections/holdings.ts';
import { ordersSection } from './sections/orders.ts';
import { returnsSection } from './sections/returns.ts';
import { signalSection } from './sections/signal.ts';
import { surfaceSection } from './sections/surface.ts';
import type { PortfolioStatistics, SignalStatistics } from './statistics.ts';

/** Everything that a report shows. */
export interface ReportContent {
  readonly run: RunFacts;
  readonly portfolios: readonly PortfolioContent[];
  readonly signal: { readonly data: SignalData; readonly statistics: SignalStatistics } | undefined;
  readonly orders: OrdersData | undefined;
  readonly surface: Surface | undefined;
}

export interface PortfolioContent {
  readonly data: PortfolioData;
  readonly statistics: PortfolioStatistics;
  readonly attribution: AttributionData | undefined;
}

/** The page: `report.html`. */
export function buildReport({ run, portfolios, signal, orders, surface }: ReportContent): string {
  const sections: Section[] = [];
  portfolios.forEach(({ data, statistics, attribution }, level) => {
    const suffix = portfolios.length > 1 ? ` (${data.freq})` : '';
    sections.push({ title: `Figures${suffix}`, content: figuresSection(statistics) });
    sections.push({ title: `Returns${suffix}`, content: returnsSection(data) });
    if (data.freq === '1day' && surface)
      sections.push({
        title: 'Cost, delay, capital',
        content: surfaceSection(surface, data.account[0]! / (1 + data.net[0]!), data.hasBenchmark),
      });
    if (attribution)
      sections.push({ title: `Attribution${suffix}`, content: attributionSection(attribution) });
    if (data.holdings)
      sections.push({ title: `Positions${suffix}`, content: holdingsSection(data.holdings) });
    sections.push({
      title: `Costs and orders${suffix}`,
      content: ordersSection(data, level === portfolios.length - 1 ? orders : undefined),
    });
  });
  if (signal) sections.push({ title: 'Signal', content: signalSection(signal.data, signal.statistics) });
  return page({
    title: `${run.name} ${run.id.slice(0, 8)}`,
    head: head({ run, portfolios, signal, orders, surface }),
    sections,
    foot: html`Made by qrun from the artifacts of run ${run.id}. A backtest shows what would have happened, not what will. Past returns do not tell future ones.`,
  });
}

function head({ run, portfolios, signal }: ReportContent): Html {
  const first = portfolios[0];
  const times = first?.data.times ?? signal?.data.times;
  const parts = [run.model, [run.dataset, run.handler].filter(Boolean).join(' / '), run.strategy].filter(
    Boolean,
  );
  const span =
    times && times.length > 0 ? `${formatTime(times[0]!)} to ${formatTime(times[times.length - 1]!)}` : '';
  const facts = [
    span && html`<span class="nb">${span}</span>`,
    run.benchmark && first && `against ${run.benchmark}`,
    parts.join(', '),
    run.started && html`<span class="nb">run of ${run.started}</span>`,
  ].filter(Boolean) as Content[];
  return html`<h1>${run.name} <small>${run.id.slice(0, 8)}</small></h1><p>${facts.map((fact, i) => html`${i > 0 && ' · '}${fact}`)}</p><div class="tiles">${tiles(first?.statistics, signal?.statistics)}</div>`;
}

function tiles(portfolio: PortfolioStatistics | undefined, signal: SignalStatistics | undefined): Html[] {
  const out: Html[] = [];
  const tile = (value: string, label: string, small = '') =>
    out.push(
      html`<div class="tile"><b class="${value.startsWith('−') ? 'neg-text' : ''}">${value}</b><span>${label}</span>${small && html`<span>${small}</span>`}</div>`,
    );
  if (portfolio) {
    const { figures, sharpe, information, breakEvenCost, costRate } = portfolio;
    const net = figures[0]!;
    const excess = figures.find((f) => f.name === 'excess after cost');
    tile(
      percent(net.compounded.annualized_return),
      'return a year after cost, compounded',
      `summed: ${percent(net.summed.annualized_return)}`,
    );
    if (excess)
      tile(
        percent(excess.compounded.annualized_return),
        'excess a year after cost, compounded',
        `summed: ${percent(excess.summed.annualized_return)}`,
      );
    const interval = (r: typeof sharpe) => `95 %: ${decimal(r.interval.low)} to ${decimal(r.interval.high)}`;
    tile(decimal(sharpe.ratio), 'Sharpe ratio after cost', interval(sharpe));
    if (information) tile(decimal(information.ratio), 'information ratio after cost', interval(information));
    tile(percent(net.compounded.max_drawdown), 'max drawdown after cost, compounded');
    tile(basisPoints(breakEvenCost), 'break-even cost per money traded', `paid: ${basisPoints(costRate)}`);
  }
  if (signal) {
    tile(
      decimal(signal.ic, 4),
      'mean IC',
      `95 %: ${decimal(signal.icInterval.low, 4)} to ${decimal(signal.icInterval.high, 4)}`,
    );
    tile(
      decimal(signal.ric, 4),
      'mean rank IC',
      `95 %: ${decimal(signal.ricInterval.low, 4)} to ${decimal(signal.ricInterval.high, 4)}`,
    );
  }
  return out;
}
