import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../../components/core/log.ts';
import { reportHtml } from '../../../records/report/write-report.ts';
import { newFolder } from '../tracking/support.ts';
import { exampleRun } from './example-run.ts';

const executable = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path !== undefined && existsSync(path),
);

interface Chart {
  readonly title: string;
  readonly height: number;
  /** Lines, bars and columns that have a width. */
  readonly shapes: number;
  /** Paths with something that is no number. */
  readonly bad: number;
}

const chartsScript = `[...document.querySelectorAll('figure.chart')].map((figure) => ({
  title: figure.querySelector('h3').textContent,
  height: figure.querySelector('svg').getBoundingClientRect().height,
  shapes: [...figure.querySelectorAll('path.line, path.bars, rect')].filter((s) => s.getBBox().width > 0).length,
  bad: [...figure.querySelectorAll('path')].filter((p) => /NaN|Infinity/.test(p.getAttribute('d'))).length,
}))`;

type Browser = Awaited<ReturnType<typeof chromium.launch>>;

describe.skipIf(!executable)('report.html in a browser (skipped without chromium)', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executable, args: ['--no-sandbox'] });
  });
  afterAll(() => browser?.close());

  async function open(options: Parameters<Browser['newPage']>[0] = {}) {
    const file = join(newFolder(), 'report.html');
    writeFileSync(file, (await reportHtml(await exampleRun(), { log: silentLog }))!);
    const page = await browser.newPage(options);
    const said: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => said.push(String(error)));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(`file://${file}`);
    return { page, said, requests: () => requests.filter((url) => !url.startsWith('data:')) };
  }

  it('draws every chart, says nothing, asks for nothing, and runs nothing that came in a name', async () => {
    const { page, said, requests } = await open({ viewport: { width: 1280, height: 900 } });
    const charts = await page.evaluate<Chart[]>(chartsScript);
    expect(charts.length).toBeGreaterThanOrEqual(15);
    for (const chart of charts) {
      expect(chart, chart.title).toMatchObject({ bad: 0 });
      expect(chart.height, chart.title).toBeGreaterThan(150);
      expect(chart.shapes, chart.title).toBeGreaterThan(0);
    }
    await page.locator('.plot .area').first().hover();
    expect(await page.locator('.tip').textContent()).toMatch(/^2021-\d\d-\d\d/);
    expect(await page.evaluate(`'hacked' in window`)).toBe(false);
    expect(said).toEqual([]);
    expect(requests()).toHaveLength(1);
  });

  it('is as wide as a phone, with labels that can be read', async () => {
    const { page, said } = await open({
      viewport: { width: 390, height: 844 },
      isMobile: true,
      hasTouch: true,
    });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    const sizes = await page.evaluate<number[]>(
      "[...document.querySelectorAll('.x, .ylabels span, td')].map((e) => parseFloat(getComputedStyle(e).fontSize))",
    );
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(11);
    expect(said).toEqual([]);
  });

  it('is light on paper, whatever the screen is', async () => {
    const { page } = await open({ colorScheme: 'dark' });
    const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(await ground()).toBe('rgb(17, 22, 29)');
    await page.emulateMedia({ media: 'print' });
    expect(await ground()).toBe('rgb(255, 255, 255)');
    await page.setViewportSize({ width: 700, height: 1000 }); // A4 within its margins
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(700);
    expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(10_000);
  });
});
