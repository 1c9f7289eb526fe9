/** The figures of a run as a few lines: the signal's, then the portfolio's, one column a kind of return. */
export function summaryLines(metrics: Readonly<Record<string, number>>): string[] {
  const lines: string[] = [];
  const signal = ['IC', 'ICIR', 'Rank IC', 'Rank ICIR'].filter((name) => name in metrics);
  if (signal.length > 0) lines.push(signal.map((name) => `${name} ${show(metrics[name]!)}`).join('   '));
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
  }
  return lines;
}

function frequencies(metrics: Readonly<Record<string, number>>): string[] {
  const found = Object.keys(metrics).flatMap(
    (name) => /^(.+)\.excess_return_with(?:out)?_cost\.mean$/.exec(name)?.[1] ?? [],
  );
  return [...new Set(found)].sort();
}

const show = (value: number) => (value === undefined ? '' : value.toFixed(6));
