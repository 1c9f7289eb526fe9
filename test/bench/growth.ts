import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { writeDemoMarket } from '../../components/data/demo/write-market.ts';
import { watchInFolder } from './_run-in.ts';

const smallest = Number(process.env['GROWTH_INSTRUMENTS'] ?? 250);
const years = Number(process.env['GROWTH_YEARS'] ?? 8);
const factors = [1, 2, 4];
const config = 'configs/workflow_config_lightgbm_Alpha158_demo.yaml';

/**
 * Alpha158 with LightGBM and a backtest on demo markets of 1, 2 and 4 times as many instruments (GROWTH_INSTRUMENTS, by default 250, over GROWTH_YEARS):
 * time (CPU seconds of all threads, so that a busy machine does not count) and peak memory. A printed ratio of at most 1 is growth at most linear.
 */
export async function bench(): Promise<Record<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), 'qrun-growth-'));
  try {
    const found: { seconds: number; peak: number; rows: number }[] = [];
    for (const factor of factors) {
      const market = join(folder, `market-${factor}`);
      const instruments = factor * smallest;
      writeDemoMarket(market, { instruments, years });
      process.env['QRUN_DEMO'] = market;
      const { cpuSeconds, peak } = await watchInFolder(process.execPath, [
        resolve('runner/bin/qrun.mjs'),
        resolve(config),
        '--no-cache',
      ]);
      const rows = instruments * years * 252;
      found.push({ seconds: cpuSeconds, peak, rows });
      console.log(
        `${String(instruments).padStart(6)} instruments${(rows / 1e6).toFixed(2).padStart(7)} million rows` +
          `${cpuSeconds.toFixed(1).padStart(8)} s${(peak / 1e9).toFixed(2).padStart(7)} GB${((peak / rows) | 0).toString().padStart(7)} bytes a row`,
      );
    }
    const [first, last] = [found[0]!, found.at(-1)!];
    const grown = last.rows / first.rows;
    const perRow = (last.peak - first.peak) / (last.rows - first.rows);
    console.log(`${perRow.toFixed(0)} bytes for each further row`);
    return { time: grown / (last.seconds / first.seconds), memory: grown / (last.peak / first.peak) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
