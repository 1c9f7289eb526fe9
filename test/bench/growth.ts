import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { writeDemoMarket } from '../../components/data/demo/write-market.ts';
import { watchInFolder } from './_run-in.ts';

const smallest = Number(process.env['GROWTH_INSTRUMENTS'] ?? 250);
const years = Number(process.env['GROWTH_YEARS'] ?? 8);
const factors = [1, 2, 4];
const config = 'configs/workflow_config_lightgbm_Alpha158_demo.yaml';
/** The demo market's last year. */
const lastYear = 2023;

interface Size {
  readonly instruments: number;
  readonly years: number;
  /** The first of them are trained on. */
  readonly trainYears: number;
  /** Whether features are computed in blocks whatever their size, or never; undefined: as a user finds it. */
  readonly inBlocks?: boolean;
}

interface Measured {
  readonly rows: number;
  readonly cpuSeconds: number;
  readonly peak: number;
}

/**
 * Alpha158 with LightGBM and a backtest on demo markets that grow: 1, 2 and 4 times as many instruments (GROWTH_INSTRUMENTS, by default 250, over
 * GROWTH_YEARS, at least 8), then as many years, with features held whole and in blocks. Time is that of the processor over all threads, so that a busy
 * machine does not count. A printed ratio of at most 1 is growth at most linear. GROWTH_LARGE=1 runs 7,000 instruments over 16 years instead,
 * 10 of them trained on, and returns nothing.
 */
export async function bench(): Promise<Record<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), 'qrun-growth-'));
  try {
    if (process.env['GROWTH_LARGE']) {
      await measure(folder, { instruments: 7000, years: 16, trainYears: 10 });
      return {};
    }
    const figures: Record<string, number> = {};
    for (const inBlocks of [false, true]) {
      const mode = inBlocks ? 'blocks' : 'whole';
      const wider: Measured[] = [];
      for (const factor of factors)
        wider.push(
          await measure(folder, { instruments: factor * smallest, years, trainYears: years / 2, inBlocks }),
        );
      Object.assign(figures, growthOf(`${mode}/instruments`, wider));
      const longer: Measured[] = [];
      for (const factor of factors)
        longer.push(
          await measure(folder, {
            ...{ instruments: smallest, inBlocks },
            years: (factor * years) / 2,
            trainYears: (factor * years) / 4,
          }),
        );
      Object.assign(figures, growthOf(`${mode}/years`, longer));
    }
    return figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string, size: Size): Promise<Measured> {
  const market = join(folder, 'market');
  writeDemoMarket(market, size);
  const file = join(folder, 'workflow.yaml');
  writeFileSync(file, workflowFor(size));
  process.env['QRUN_DEMO'] = market;
  if (size.inBlocks === undefined) delete process.env['QRUN_FEATURE_MEMORY'];
  else process.env['QRUN_FEATURE_MEMORY'] = size.inBlocks ? '0' : '1T';
  const { cpuSeconds, peak, seconds, lines } = await watchInFolder(process.execPath, [
    resolve('runner/bin/qrun.mjs'),
    ...[file, '--no-cache'],
  ]);
  const rows = rowsOf(market);
  const told = lines
    .find((line) => line.startsWith('data '))
    ?.split('   ')
    .at(-1);
  console.log(
    `${String(size.instruments).padStart(6)} instruments${String(size.years).padStart(4)} years` +
      `${(rows / 1e6).toFixed(2).padStart(7)} million rows${cpuSeconds.toFixed(1).padStart(8)} s of the processor in ${seconds.toFixed(0)} s` +
      `${(peak / 1e9).toFixed(2).padStart(7)} GB${(peak / rows).toFixed(0).padStart(6)} bytes a row   ${told?.startsWith('features') ? told : 'features held whole'}`,
  );
  return { rows, cpuSeconds, peak };
}

/** By how much rows grow more than time and memory. */
function growthOf(name: string, found: readonly Measured[]): Record<string, number> {
  const [first, last] = [found[0]!, found.at(-1)!];
  const grown = last.rows / first.rows;
  const perRow = (last.peak - first.peak) / (last.rows - first.rows);
  console.log(`${name}: ${perRow.toFixed(0)} bytes for each further row`);
  return {
    [`${name}/time`]: grown / (last.cpuSeconds / first.cpuSeconds),
    [`${name}/memory`]: grown / (last.peak / first.peak),
  };
}

/** The demo workflow with its days moved: the first ones to train on, a year or two of validation, the rest to test. */
function workflowFor({ years, trainYears }: Size): string {
  const first = lastYear - years + 1;
  const valid = first + trainYears;
  const test = valid + (years >= 16 ? 2 : 1);
  const days: readonly (readonly [string, string])[] = [
    ['2016-01-04', `${first}-01-01`],
    ['2019-12-31', `${valid - 1}-12-31`],
    ['2020-01-02', `${valid}-01-01`],
    ['2020-12-31', `${test - 1}-12-31`],
    ['2021-01-04', `${test}-01-01`],
  ];
  return days.reduce((text, [from, to]) => text.replaceAll(from, to), readFileSync(config, 'utf8'));
}

/** Days that the instruments of a market have in all. */
function rowsOf(market: string): number {
  const days = readFileSync(join(market, 'calendars', 'day.txt'), 'utf8')
    .trim()
    .split('\n');
  const place = new Map(days.map((day, i) => [day, i]));
  const spans = readFileSync(join(market, 'instruments', 'all.txt'), 'utf8')
    .trim()
    .split('\n');
  return spans.reduce((sum, line) => {
    const [, from = '', to = ''] = line.split('\t');
    return sum + place.get(to)! - place.get(from)! + 1;
  }, 0);
}
