import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../components/core/package-root.ts';
import { writeDemoMarket } from '../../components/data/demo/write-market.ts';
import { metricOf, type Outcome, qrun, runsOf, temporaryFolder } from './support.ts';

const { folder, clean } = temporaryFolder();
const market = join(folder, 'market');
afterAll(clean);
beforeAll(() => void writeDemoMarket(market));

const run = (config: string, ...args: string[]) =>
  qrun([join(packageRoot(), 'configs', config), ...args], { cwd: folder, env: { QRUN_DEMO: market } });

const artifacts = [
  'params.pkl',
  'config',
  'task',
  'pred.pkl',
  'label.pkl',
  'sig_analysis/ic.pkl',
  'sig_analysis/ric.pkl',
  'portfolio_analysis/report_normal_1day.pkl',
  'portfolio_analysis/positions_normal_1day.pkl',
  'portfolio_analysis/port_analysis_1day.pkl',
  'portfolio_analysis/indicators_normal_1day.pkl',
  'portfolio_analysis/indicator_analysis_1day.pkl',
];

describe('the LightGBM workflow on the demo market', () => {
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await run('workflow_config_lightgbm_Alpha158_demo.yaml');
  });

  it('finishes and tells it in at most 30 lines', () => {
    expect([outcome.code, outcome.stderr]).toEqual([0, '']);
    expect(outcome.stdout.trimEnd().split('\n').length).toBeLessThanOrEqual(30);
    for (const word of ['IC', 'Rank IC', 'annualized_return', 'max_drawdown'])
      expect(outcome.stdout).toContain(word);
  });

  it('records a finished run with all artifacts', () => {
    const [folderOfRun, ...more] = runsOf(join(folder, 'mlruns')).get('workflow') ?? [];
    expect(more).toEqual([]);
    expect(readFileSync(join(folderOfRun!, 'meta.yaml'), 'utf8')).toMatch(/^status: 3$/m);
    for (const name of artifacts) expect(existsSync(join(folderOfRun!, 'artifacts', name)), name).toBe(true);
  });

  // Python qlib 0.9.7 with LightGBM 4.7 on the same market: `QRUN_DEMO=... qrun configs/workflow_config_lightgbm_Alpha158_demo.yaml`
  it('has the figures of Python qlib', () => {
    const [folderOfRun] = runsOf(join(folder, 'mlruns')).get('workflow') ?? [];
    const figures = {
      IC: 0.04455141018044594,
      'Rank IC': 0.03987943891866174,
      '1day.excess_return_without_cost.annualized_return': 0.139276,
      '1day.excess_return_with_cost.annualized_return': 0.102925,
      '1day.excess_return_with_cost.information_ratio': 1.475635,
    };
    for (const [name, theirs] of Object.entries(figures))
      expect(metricOf(folderOfRun!, name), name).toBeCloseTo(theirs, 4);
  });
});

describe('qrun check', () => {
  it('accepts the workflows of configs/', async () => {
    const files = [
      'workflow_config_lightgbm_Alpha158_demo.yaml',
      'workflow_config_linear_Alpha158_demo.yaml',
      'examples/workflow_config_my_model.yaml',
    ].map((file) => join(packageRoot(), 'configs', file));
    const { code, stderr } = await qrun(['check', ...files], { cwd: folder, env: { QRUN_DEMO: market } });
    expect(code).toBe(0);
    // the segments meet, as in qlib's own examples: that the labels of one look into the next is all there is to say
    const warnings = stderr.split('\n').filter((line) => line.startsWith('warning: '));
    expect(warnings.filter((line) => !line.includes('but the label looks 2 days ahead'))).toEqual([]);
    expect(stderr).not.toContain('error');
  });
});

describe('a store with runs in it', () => {
  it('gets the same run again with the same figures', async () => {
    const first = await run('workflow_config_linear_Alpha158_demo.yaml', 'twice', 'store');
    const second = await run('workflow_config_linear_Alpha158_demo.yaml', 'twice', 'store');
    expect([first.code, second.code, first.stderr, second.stderr]).toEqual([0, 0, '', '']);
    const runs = runsOf(join(folder, 'store')).get('twice') ?? [];
    expect(runs).toHaveLength(2);
    for (const metric of ['IC', 'Rank IC', '1day.excess_return_with_cost.annualized_return'])
      expect(metricOf(runs[0]!, metric)).toBe(metricOf(runs[1]!, metric));
    // Python qlib 0.9.7 on the same market and workflow
    expect(metricOf(runs[0]!, 'IC')).toBeCloseTo(0.05218219085114241, 6);
    expect(metricOf(runs[0]!, 'Rank IC')).toBeCloseTo(0.04636340864445348, 6);
  });

  it("takes a model of the user's own, in TypeScript, as it is", async () => {
    const { code, stderr } = await run('examples/workflow_config_my_model.yaml', 'mine', 'store');
    expect([code, stderr]).toEqual([0, '']);
    const [folderOfRun] = runsOf(join(folder, 'store')).get('mine') ?? [];
    expect(metricOf(folderOfRun!, 'IC')).toBeGreaterThan(0.02);
    expect(
      Object.keys(JSON.parse(readFileSync(join(folderOfRun!, 'artifacts/weights.json'), 'utf8'))),
    ).toHaveLength(40);
  });
});
