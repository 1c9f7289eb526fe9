import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../components/core/log.ts';
import { riskAnalysis } from '../../../components/eval/risk.ts';
import { dataBlock, escapeHtml, html } from '../../../records/report/html.ts';
import { reportHtml, writeReport } from '../../../records/report/write-report.ts';
import { market } from '../../components/backtest/market.ts';
import { exampleRun, hostile } from './example-run.ts';

describe('html', () => {
  it('escapes what is filled in, and leaves what is HTML already', () => {
    const inner = html`<b>${'<&>"\''}</b>`;
    expect(html`<p title="${'"x"'}">${inner}${[1, '<', null, false]}</p>`.text).toBe(
      '<p title="&quot;x&quot;"><b>&lt;&amp;&gt;&quot;&#39;</b>1&lt;</p>',
    );
  });

  it('shows characters that turn or hide text', () => {
    expect(escapeHtml('a\u202eb\u0007')).toBe('a\ufffdb\ufffd');
  });

  it('makes data blocks that nothing in them can end', () => {
    const { text } = dataBlock({ name: '</script><!--' });
    expect(text.slice('<script type="application/json">'.length, -'</script>'.length)).not.toMatch(/[<>]/);
  });
});

describe('writeReport', () => {
  it('writes report.html and logs the statistics beside what is there', async () => {
    const recorder = await exampleRun();
    await recorder.logMetrics({ '1day.excess_return_with_cost.mean': 0.5 });
    expect(await writeReport(recorder, { log: silentLog })).toBe(true);
    const page = (await recorder.loadObject('report.html')) as string;
    expect(page.length).toBeLessThan(3e6);
    const metrics = await recorder.listMetrics();
    expect(metrics['1day.excess_return_with_cost.mean']).toBe(0.5);
    const returns = Array.from({ length: 260 }, (_, i) => 0.001 + 0.01 * Math.sin(i * i * 1.7 + i) - 0.0002);
    expect(metrics['1day.sharpe']).toBeCloseTo(riskAnalysis(returns).information_ratio, 10);
    expect(metrics['1day.sharpe.low']!).toBeLessThan(metrics['1day.sharpe']!);
    expect(metrics['1day.sharpe.high']!).toBeGreaterThan(metrics['1day.sharpe']!);
    expect(metrics['1day.trials']).toBe(1);
    expect(metrics['1day.sharpe.deflated']).toBe(metrics['1day.sharpe.probabilistic']);
    expect(metrics['IC.low']!).toBeLessThan(metrics['IC.high']!);
    expect(metrics['1day.compounded.annualized_return']).toBeCloseTo(
      riskAnalysis(returns, { mode: 'product' }).annualized_return,
      10,
    );
  });

  it('deflates by what other runs of the experiment have shown', async () => {
    const recorder = await exampleRun();
    const trials = { count: 50, metrics: new Map([['1day.sharpe', [0.1, -1, 2, 0.5]]]) };
    await writeReport(recorder, { log: silentLog, trials });
    const metrics = await recorder.listMetrics();
    expect(metrics['1day.trials']).toBe(50);
    expect(metrics['1day.sharpe.deflated']!).toBeLessThan(metrics['1day.sharpe.probabilistic']!);
  });

  it('lets no name become markup', async () => {
    const page = (await reportHtml(await exampleRun(), { log: silentLog }))!;
    for (const name of hostile.slice(0, 4)) expect(page).not.toContain(name);
    expect(page).toContain('&lt;script&gt;window.hacked=1&lt;/script&gt;');
    // one script of ours, the rest are blocks of data
    expect(page.match(/<script(?! type="application\/json")/g)).toHaveLength(1);
    expect(page.match(/<img/g)).toBeNull();
  });

  it('loads nothing: no address stands in it', async () => {
    const names = ['AAA', 'BBB', 'CCC', 'DDD', 'EEE', 'FFF', 'GGG'];
    const page = (await reportHtml(await exampleRun({ names, title: 'plain' }), { log: silentLog }))!;
    expect(page.match(/https?:|\bsrc=|url\(/g)).toBeNull();
    expect(page).toContain('default-src &#39;none&#39;');
  });

  it('is the same for the same run', async () => {
    const recorder = await exampleRun();
    const options = { log: silentLog };
    expect(await reportHtml(recorder, options)).toBe(await reportHtml(recorder, options));
  });

  it('does without a benchmark, orders or ICs, and says so of a run without anything', async () => {
    const page = (await reportHtml(await exampleRun({ hasBenchmark: false }), { log: silentLog }))!;
    expect(page).not.toContain('excess after cost');
    const { newR } = await import('../tracking/support.ts');
    const { R } = newR();
    const experiment = await R.startExp({ experimentName: 'empty' });
    expect(await reportHtml(experiment.activeRecorder!, { log: silentLog })).toBeUndefined();
    expect(await writeReport(experiment.activeRecorder!, { log: silentLog })).toBe(false);
  });

  it('keeps the surface, and shows it again without data', async () => {
    const names = ['AAA', 'BBB', 'CCC', 'DDD', 'EEE', 'FFF'];
    const recorder = await exampleRun({ days: 60, names });
    const { weekdays } = await import('../../components/backtest/market.ts');
    const days = weekdays('2020-11-02', 110);
    const bars = Object.fromEntries(
      names.map((name, k) => [name, { close: Array.from(days, (_, t) => 10 + ((t * (k + 3)) % 7) / 7) }]),
    );
    await writeReport(recorder, { log: silentLog, data: market(days, bars) });
    const kept = (await recorder.loadObject('portfolio_analysis/cost_surface.json')) as { sharpe: number[] };
    expect(kept.sharpe).toHaveLength(6 * 5 * 4);
    const again = (await reportHtml(recorder, { log: silentLog }))!;
    expect(again).toContain('Cost, delay, capital');
    expect(again).toBe(await recorder.loadObject('report.html'));
  });

  it('goes on without a surface where the data fails', async () => {
    const warnings: string[] = [];
    const recorder = await exampleRun({ days: 30 });
    const data = {
      ...market(new Float64Array(0), {}),
      features: async () => {
        throw new Error('disk gone');
      },
    };
    await writeReport(recorder, { log: { ...silentLog, warn: (m) => void warnings.push(m) }, data });
    expect(warnings).toEqual(['no cost surface: disk gone']);
    expect(await recorder.loadObject('report.html')).not.toContain('Cost, delay, capital');
  });
});
