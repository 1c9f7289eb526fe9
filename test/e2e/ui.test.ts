import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../components/core/package-root.ts';
import { FileStore } from '../../records/tracking/file/file-store.ts';
import { qrun, temporaryFolder } from './support.ts';

const chrome = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const isMissing = !existsSync(chrome);
if (isMissing)
  console.warn(`tests of the page are skipped: no ${chrome} (apt-get install chromium, or set CHROMIUM)`);

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** A smaller demo workflow: a linear model, ready in seconds. */
function workflow(folder: string, alpha: number): string {
  const text = readFileSync(
    join(packageRoot(), 'configs', 'workflow_config_linear_Alpha158_demo.yaml'),
    'utf8',
  );
  const file = join(folder, `linear-${alpha}.yaml`);
  writeFileSync(
    file,
    text
      .replace(/alpha: *[\d.e-]+/, `alpha: ${alpha}`)
      .replace(/provider_uri: .*/, `provider_uri: ${join(folder, 'market')}`),
  );
  return file;
}

describe.skipIf(isMissing)('the page', () => {
  const { folder, clean } = temporaryFolder();
  const store = join(folder, 'mlruns');
  const hostile = '<img src=x onerror="document.title=\'hacked\'">';
  let server: ChildProcess;
  let browser: Browser;
  let page: Page;
  let url = '';
  let experiment = '';
  let runs: string[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    await qrun(['data', 'demo', join(folder, 'market'), '--instruments', '40'], { cwd: folder });
    for (const alpha of [0.01, 0.1]) {
      const done = await qrun([workflow(folder, alpha), 'demo', store], { cwd: folder });
      expect(done.stderr + done.stdout).toMatch(/finished/);
    }
    await boostedRun();
    await addHostileRun();
    [server, url] = await startServer();
    browser = await chromium.launch({ executablePath: chrome, args: ['--no-sandbox'] });
    page = await browser.newPage({ viewport: { width: 1360, height: 900 } });
    page.setDefaultTimeout(120_000);
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
  });

  afterAll(async () => {
    await browser?.close();
    server?.kill();
    clean();
  });

  /** A run with a learning curve and feature importance. */
  async function boostedRun(): Promise<void> {
    const done = await qrun(
      [
        join(packageRoot(), 'configs', 'workflow_config_lightgbm_Alpha158_demo.yaml'),
        '++task.model.kwargs.num_boost_round=12',
        'boosted',
        store,
      ],
      { cwd: folder, env: { QRUN_DEMO: join(folder, 'market') } },
    );
    expect(done.stderr + done.stdout).toMatch(/finished/);
  }

  async function addHostileRun(): Promise<void> {
    const files = new FileStore(store, store, Date.now);
    const { items } = await files.searchExperiments({ filter: "name = 'demo'" });
    experiment = items[0]!.experimentId;
    runs = (await files.searchRuns([experiment])).items.map(({ info }) => info.runId);
    for (const [i, run] of runs.entries()) {
      const overrides = JSON.stringify([`task.model.kwargs.alpha=${i}`]);
      await files.logBatch(run, {
        tags: [
          ['qrun.sweep.id', 'abc'],
          ['qrun.sweep.name', hostile],
          ['qrun.sweep.overrides', overrides],
        ],
      });
    }
    const { runId } = await files.createRun({
      experimentId: experiment,
      runName: hostile,
      userId: hostile,
      startTime: Date.now(),
      tags: { note: hostile },
    });
    await files.logBatch(runId, {
      params: [['p', hostile]],
      metrics: [0, 1, 2].map((step) => ({ key: 'loss/train', value: 1 / (step + 1), timestamp: step, step })),
    });
    await (await files.artifacts(runId)).write(
      'x.html',
      `<h1>shown</h1><script>parent.document.title='hacked'</script>`,
    );
    runs.push(runId);
    await files.close();
  }

  function startServer(): Promise<[ChildProcess, string]> {
    return new Promise((resolve, reject) => {
      const child = spawn(
        process.execPath,
        [join(packageRoot(), 'runner/bin/qrun.mjs'), 'server', store, '--port', '0'],
        { cwd: folder },
      );
      child.stdout.on('data', (text: Buffer) => {
        const found = /http:\/\/\S+/.exec(String(text));
        if (found) resolve([child, found[0]]);
      });
      child.on('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    });
  }

  /** Opens a view and waits until it stands; it must not complain. */
  async function open(hash: string, selector: string): Promise<void> {
    complaints.length = 0;
    await page.goto('about:blank');
    await page.goto(`${url}/${hash}`);
    await page.locator(selector).first().waitFor();
    for (const chart of await page.locator('.chart-box').all())
      await chart.and(page.locator('[data-ready=true]')).waitFor();
    await page.waitForTimeout(200);
  }

  async function expectSound(name: string): Promise<void> {
    expect([name, ...complaints]).toEqual([name]);
    await page.evaluate(readFileSync(axe, 'utf8'));
    // In the page's own words: the tests know nothing of `window`.
    const violations = await page.evaluate<string[]>(
      "axe.run().then(({ violations }) => violations.filter((v) => v.impact === 'serious' || v.impact === 'critical').map((v) => v.id + ': ' + v.nodes[0].html))",
    );
    expect([name, ...violations]).toEqual([name]);
    expect(await page.title()).toBe('qrun');
    const shots = process.env['SCREENSHOTS'];
    if (!shots) return;
    mkdirSync(shots, { recursive: true });
    await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
  }

  it('lists, makes, renames and deletes experiments', async () => {
    await open('#/', 'table tbody tr');
    await expectSound('experiments');
    await page.getByRole('button', { name: 'New experiment' }).click();
    await page.getByLabel('Name', { exact: true }).fill(hostile);
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('link', { name: hostile }).waitFor();
    await page.getByRole('button', { name: `Rename ${hostile}` }).click();
    await page.getByLabel('Name', { exact: true }).fill('second');
    await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('link', { name: 'second' }).waitFor();
    await page.getByRole('button', { name: 'Delete second' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('link', { name: 'second' }).waitFor({ state: 'detached' });
    await page.getByLabel('Which experiments').selectOption('DELETED_ONLY');
    await page.getByRole('button', { name: 'Restore second' }).click();
    await page.getByRole('link', { name: 'second' }).waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });

  it('shows, sorts and filters runs, with the view in the address', async () => {
    await open(`#/experiments/${experiment}`, 'td.name');
    await expectSound('runs');
    expect(await page.locator('td.name').count()).toBe(3);
    await page.getByRole('button', { name: 'IC', exact: true }).click();
    await page.waitForURL(/sort=metrics.IC/);
    const filter = page.getByLabel('Filter runs');
    await filter.fill('params.`model.class` = 5');
    await page.getByText('expected a text in quotes').waitFor();
    await filter.fill('metrics.I');
    await page.getByRole('option', { name: 'metrics.IC', exact: true }).click();
    expect(await filter.inputValue()).toBe('metrics.IC ');
    await filter.fill('metrics.IC > -1');
    await filter.press('Enter');
    await page.waitForURL(/filter=metrics/);
    await expect.poll(() => page.locator('td.name').count()).toBe(2);
    await page.reload();
    await expect.poll(() => page.locator('td.name').count()).toBe(2);
    expect(await filter.inputValue()).toBe('metrics.IC > -1');
    for (const box of await page.getByRole('checkbox').all()) await box.check();
    await page.getByRole('link', { name: 'Compare' }).click();
    await page.waitForURL(/compare\?runs=/);
  });

  it.each([
    ['summary', '.tiles', []],
    ['portfolio', '.chart', ['Cumulative return', 'Drawdown', 'Monthly excess return', 'Turnover']],
    ['signal', '.chart', ['IC', 'Distribution of IC', 'Return of groups by score', 'Long-short return']],
    ['positions', 'table', []],
    ['config', '.lines', []],
    ['code', 'main', []],
    ['artifacts', '.tree', []],
  ] as const)('shows a run: %s', async (tab, selector, charts) => {
    await open(`#/experiments/${experiment}/runs/${runs[0]}/${tab}`, selector);
    for (const title of charts) await page.getByRole('heading', { name: title, exact: true }).waitFor();
    await expectSound(tab);
  });

  it('shows what a model learned', async () => {
    const files = new FileStore(store, store, Date.now);
    const { items } = await files.searchExperiments({ filter: "name = 'boosted'" });
    const id = items[0]!.experimentId;
    const [run] = (await files.searchRuns([id])).items;
    await files.close();
    await open(`#/experiments/${id}/runs/${run!.info.runId}/model`, '.chart');
    await page.getByRole('heading', { name: 'Learning curve: l2', exact: true }).waitFor();
    await page.getByRole('heading', { name: 'Feature importance', exact: true }).waitFor();
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save Feature importance as CSV' }).click(),
    ]);
    const lines = readFileSync(await saved.path(), 'utf8')
      .trim()
      .split(/\r?\n/);
    expect(lines[0]).toBe('feature,number of splits');
    expect(lines[1]).toMatch(/^[A-Z]+\d*,\d+$/);
    await expectSound('model');
  });

  it.each([
    ['wide', 1400],
    ['narrow', 400],
  ] as const)('keeps every view within a %s page', async (name, width) => {
    await page.setViewportSize({ width, height: 900 });
    const run = `#/experiments/${experiment}/runs/${runs[0]}`;
    const views = ['summary', 'portfolio', 'signal', 'positions', 'metrics', 'config', 'artifacts'].map(
      (tab) => `${run}/${tab}`,
    );
    for (const view of [...views, '#/', '#/sweeps', '#/sweeps/abc', `#/compare?runs=${runs.join(',')}`]) {
      await open(view, 'main h1');
      const over = await page.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect([name, view, over]).toEqual([name, view, 0]);
    }
    await page.setViewportSize({ width: 1360, height: 900 });
  });

  it('shows steps of metrics', async () => {
    await open(`#/experiments/${experiment}/runs/${runs.at(-1)}/metrics`, '.chart');
    await page.getByRole('heading', { name: 'loss' }).waitFor();
    await expectSound('metrics');
  });

  it('shows what artifacts hold', async () => {
    await open(`#/experiments/${experiment}/runs/${runs[0]}/artifacts?path=pred.pkl`, '.tall table');
    expect(await page.locator('.tall thead th').allTextContents()).toEqual([
      'datetime',
      'instrument',
      'score',
    ]);
    await open(`#/experiments/${experiment}/runs/${runs.at(-1)}/artifacts?path=x.html`, 'iframe');
    await page.frameLocator('iframe').getByText('shown').waitFor();
    expect(await page.title()).toBe('qrun');
  });

  it('shows trades of an instrument', async () => {
    await open(`#/experiments/${experiment}/runs/${runs[0]}/positions`, 'td button.link');
    const name = await page.locator('td button.link').first().textContent();
    await page.locator('td button.link').first().click();
    await page.getByRole('heading', { name: `Holding of ${name}` }).waitFor();
  });

  it('shows names as the text that they are', async () => {
    await open(`#/experiments/${experiment}/runs/${runs.at(-1)}`, 'h1');
    expect(await page.locator('h1').textContent()).toBe(hostile);
    expect(await page.locator('main img').count()).toBe(0);
    await expectSound('hostile');
  });

  it('compares runs', async () => {
    await open(`#/compare?runs=${runs.slice(0, 2).join(',')}`, '.chart');
    for (const title of [
      'Metrics',
      'Config differences',
      'Correlation of predictions',
      'Cumulative excess return, after cost',
      'Drawdown of the excess return',
      'Cumulative IC',
      'Scatter',
    ])
      await page.getByRole('heading', { name: title, exact: true }).waitFor();
    await expectSound('compare');
  });

  it('saves charts and tables', async () => {
    await open(`#/experiments/${experiment}/runs/${runs[0]}/portfolio`, '.chart');
    for (const [kind, start] of [
      ['SVG', '<svg'],
      ['PNG', '\x89PNG'],
      ['CSV', 'day,'],
    ] as const) {
      const [saved] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: `Save Drawdown as ${kind}` }).click(),
      ]);
      expect(readFileSync(await saved.path(), 'latin1').slice(0, start.length)).toBe(start);
    }
  });

  it('is sound in the dark', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await open(`#/experiments/${experiment}/runs/${runs[0]}/portfolio`, '.chart');
    await expectSound('dark');
    await page.emulateMedia({ colorScheme: 'light' });
  });

  it('shows sweeps', async () => {
    await open('#/sweeps', 'td a');
    await expectSound('sweeps');
    await page.getByRole('link', { name: hostile }).click();
    await open('#/sweeps/abc', 'table');
    await page.getByRole('heading', { name: 'How much is luck?' }).waitFor();
    expect(await page.locator('h1').textContent()).toBe(hostile);
    await expectSound('sweep');
    await open(`#/experiments/${experiment}?group=sweep`, 'tr.group');
    expect(await page.locator('tr.group').count()).toBe(2);
    await expectSound('groups');
  });

  it('says so when there is no such run', async () => {
    await page.goto(`${url}/#/experiments/${experiment}/runs/${'0'.repeat(32)}`);
    await page.getByRole('alert').waitFor();
  });
});
