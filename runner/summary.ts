/** The figures of a run as a few lines: the signal's, then the portfolio's, one column a kind of return. */
export function summaryLines(
  metrics: Readonly<Record<string, number>>,
  tags: Readonly<Record<string, string>> = {},
): string[] {
  const lines: string[] = [];
  const signal = ['IC', 'ICIR', 'Rank IC', 'Rank ICIR'].filter((name) => name in metrics);
  if (signal.length > 0) lines.push(signal.map((name) => `${name} ${show(metrics[name]!)}`).join('   '));
  if ('IC.low' in metrics && 'IC' in metrics)
    lines.push(`95 % of IC: ${interval(metrics, 'IC', 4)}; of Rank IC: ${interval(metrics, 'Rank IC', 4)}`);
  for (const freq of frequencies(metrics)) {
    const kinds = ['excess_return_without_cost', 'excess_return_with_cost'].filter(
      (kind) => `${freq}.${kind}.mean` in metrics,
    );
    if (kinds.length === 0) continue;
    lines.push(`${freq.padEnd(20)}${kinds.map((kind) => kind.padStart(28)).join('')}`);
    for (const measure of ['annualized_return', 'information_ratio', 'max_drawdown'])
      lines.push(
        `${measure.padEnd(20)}${kinds.map((kind) => show(metrics[`${freq}.${kind}.${measure}`]!).padStart(28)).join('')}`,
      );
    lines.push(...trustLines(metrics, freq));
  }
  const rules = tags['qrun.backtest_rules'];
  if (rules) lines.push(`backtest rules: ${rules === 'strict' ? 'strict' : "qlib's (strict: false)"}`);
  return lines;
}

/** What the figures above are summed up as, compounded, and how far they can be trusted. */
function trustLines(metrics: Readonly<Record<string, number>>, freq: string): string[] {
  const value = (name: string) => metrics[`${freq}.${name}`];
  if (value('sharpe') === undefined) return [];
  const percent = (name: string) => `${((value(name) ?? Number.NaN) * 100).toFixed(1)} %`;
  const lines: string[] = [];
  const excess =
    value('compounded_excess.annualized_return') === undefined
      ? ''
      : `, ${percent('compounded_excess.annualized_return')} above the benchmark`;
  lines.push(
    `annualized with cost, compounded: ${percent('compounded.annualized_return')}${excess} (the table sums returns up, as qlib does)`,
  );
  const trials = value('trials') ?? 1;
  lines.push(
    `Sharpe ratio with cost ${value('sharpe')!.toFixed(2)}, 95 %: ${interval(metrics, `${freq}.sharpe`, 2)}; above 0: ${percent('sharpe.probabilistic')}, above the luck of ${trials} ${trials === 1 ? 'trial' : 'trials'}: ${percent('sharpe.deflated')}`,
    `break-even cost: ${((value('break_even_cost') ?? Number.NaN) * 10_000).toFixed(1)} bp of the money traded`,
  );
  return lines;
}

function interval(metrics: Readonly<Record<string, number>>, name: string, digits: number): string {
  return [metrics[`${name}.low`], metrics[`${name}.high`]]
    .map((x) => (x ?? Number.NaN).toFixed(digits))
    .join(' to ');
}

function frequencies(metrics: Readonly<Record<string, number>>): string[] {
  const found = Object.keys(metrics).flatMap(
    (name) => /^(.+)\.excess_return_with(?:out)?_cost\.mean$/.exec(name)?.[1] ?? [],
  );
  return [...new Set(found)].sort();
}

const show = (value: number) => (value === undefined ? '' : value.toFixed(6));
