import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../components/core/package-root.ts';
import type { Explanation } from '../../../runner/explain/explanation.ts';
import { qrun, temporaryFolder } from '../../e2e/support.ts';

const { folder, clean } = temporaryFolder();
afterAll(clean);

/** Of the whole demo market, and of three years. */
const days: Readonly<Record<string, string>> = {
  '2016-01-04': '2021-03-01',
  '2019-12-31': '2022-03-31',
  '2020-01-02': '2022-04-01',
  '2020-12-31': '2022-09-30',
  '2021-01-04': '2022-10-03',
};

/** The linear demo workflow on a market of 24 instruments and three years. */
function workflow(): string {
  const text = readFileSync(join(packageRoot(), 'configs/workflow_config_linear_Alpha158_demo.yaml'), 'utf8');
  return text.replace(/\d{4}-\d\d-\d\d/g, (day) => days[day] ?? day).replace(/topk: \d+/, 'topk: 5');
}

async function explain(args: readonly string[]) {
  return qrun(['explain', 'latest', ...args], { cwd: folder });
}

async function explained(instrument: string, date: string): Promise<Explanation> {
  const { stdout, stderr } = await explain(['--instrument', instrument, '--date', date, '--json']);
  if (stderr) throw new Error(stderr);
  return JSON.parse(stdout) as Explanation;
}

describe('qrun explain', () => {
  let orders: { time: string; instrument: string }[] = [];

  beforeAll(async () => {
    const made = await qrun(['data', 'demo', 'market', '--instruments', '24', '--years', '3'], {
      cwd: folder,
    });
    expect(made.code, made.stderr).toBe(0);
    writeFileSync(join(folder, 'linear.yaml'), workflow());
    const env = { QRUN_DEMO: join(folder, 'market') };
    const run = await qrun(['linear.yaml'], { cwd: folder, env });
    expect(run.code, run.stderr).toBe(0);
    const shown = await qrun(['runs', 'show', 'latest', 'portfolio_analysis/orders.parquet', '--json'], {
      cwd: folder,
    });
    const table = JSON.parse(shown.stdout) as { columns: string[]; data: string[][] };
    const [time, instrument] = [table.columns.indexOf('datetime'), table.columns.indexOf('instrument')];
    orders = table.data.map((row) => ({ time: row[time]!, instrument: row[instrument]! }));
  });

  it('follows a traded instrument from its bar to the cash after its order', async () => {
    const { time, instrument } = orders[Math.floor(orders.length / 2)]!;
    const found = await explained(instrument, time);
    const close = found.bar.find((field) => field.field === 'close')!;
    const factor = found.bar.find((field) => field.field === 'factor')!;
    expect(close.raw! * factor.value).toBeCloseTo(close.value, 4);
    expect(found.features.columns).toHaveLength(159);
    expect(found.features.steps.map((step) => step.name)).toEqual([
      'RobustZScoreNorm',
      'Fillna',
      'DropnaLabel',
      'CSRankNorm',
    ]);
    // the recorded score is the one that features and model give now
    const { score, recomputed, start, rank, count } = found.score!;
    expect(recomputed!).toBeCloseTo(score, 6);
    const added = found.features.columns.reduce((sum, c) => sum + (c.contribution ?? 0), start!);
    expect(added).toBeCloseTo(score, 6);
    expect(rank).toBeGreaterThanOrEqual(1);
    expect(rank).toBeLessThanOrEqual(count);
    const [day] = found.days;
    expect(day!.orders.length).toBeGreaterThan(0);
    const order = day!.orders[0]!;
    const change = order.direction === 'buy' ? order.filled : -order.filled;
    expect(day!.after!.amount - day!.before!.amount).toBeCloseTo(change, 6);
  });

  it('ends the day with the cash that the books have', async () => {
    const last = orders.filter((o) => o.time === orders[orders.length - 1]!.time).at(-1)!;
    const { days } = await explained(last.instrument, last.time);
    const [day] = days;
    expect(day!.orders.at(-1)!.cashAfter! / day!.after!.cash).toBeCloseTo(1, 9);
  });

  it('tells the same as text, in order', async () => {
    const { time, instrument } = orders[0]!;
    const { stdout, code } = await explain(['--instrument', instrument, '--date', time, '--top', '3']);
    expect(code).toBe(0);
    const parts = [
      'bar (adjusted',
      'the 3 that add most',
      'score',
      `trading on ${time}`,
      'order  ',
      'cash after',
    ];
    expect(parts.map((part) => stdout.indexOf(part)).every((at, i, all) => at > (all[i - 1] ?? -1))).toBe(
      true,
    );
  });

  it('names what is near to a wrong instrument or day', async () => {
    const { instrument } = orders[0]!;
    const wrong = await explain(['--instrument', `${instrument}X`, '--date', orders[0]!.time]);
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining(`did you mean "${instrument}"?`)]);
    const weekend = await explain(['--instrument', instrument, '--date', '2023-01-07']);
    expect(weekend.stderr).toContain(
      '2023-01-07 is no trading day\n  the nearest ones are 2023-01-06 and 2023-01-09',
    );
    const noDate = await explain(['--instrument', instrument, '--date', 'today']);
    expect(noDate.stderr).toContain('--date is "today"');
  });

  it('makes the report again, the same', async () => {
    const out = join(folder, 'again.html');
    const made = await qrun(['report', 'latest', '--out', out], { cwd: folder });
    expect([made.code, made.stderr]).toEqual([0, '']);
    const [experiment] = readdirSync(join(folder, 'mlruns')).filter((name) => /^\d{2,}$/.test(name));
    const runs = readdirSync(join(folder, 'mlruns', experiment!)).filter((name) =>
      /^[0-9a-f]{32}$/.test(name),
    );
    const recorded = readFileSync(
      join(folder, 'mlruns', experiment!, runs[0]!, 'artifacts/report.html'),
      'utf8',
    );
    expect(readFileSync(out, 'utf8')).toBe(recorded);
  });
});
