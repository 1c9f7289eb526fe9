import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normalBacktest } from '../../components/backtest/run.ts';
import { readSignalFile } from '../../components/backtest/signal-file.ts';
import { regions } from '../../components/core/context.ts';
import { formatTime } from '../../components/core/dates.ts';
import type { Panel } from '../../components/core/panel.ts';
import type { Table } from '../../components/core/table.ts';
import { openData } from '../../components/data/folder-provider.ts';
import { testContext } from '../components/backtest/context.ts';

interface Columns {
  readonly [name: string]: readonly (number | string | null)[];
}
interface PeerCase {
  readonly executor: unknown;
  readonly exchange: Readonly<Record<string, unknown>>;
  readonly report: Readonly<Record<string, Columns>>;
  readonly indicators: Readonly<Record<string, Columns>>;
}

const peer = process.env['PEER'];
const python =
  peer && (existsSync(peer) && existsSync(join(peer, 'bin/python')) ? join(peer, 'bin/python') : peer);
const money = 1e7;

describe.skipIf(!python).each(['cn', 'us'])(
  'minute backtests beside qlib, region %s (skipped unless PEER names a Python with qlib)',
  (region) => {
    let root: string;
    let signal: Panel;
    let cases: Readonly<Record<string, PeerCase>>;
    beforeAll(async () => {
      root = mkdtempSync(join(tmpdir(), 'minutes-'));
      const script = new URL('./minute_backtests.py', import.meta.url).pathname;
      execFileSync(python!, [script, region, root], {
        stdio: 'pipe',
        env: { ...process.env, PYTHONHASHSEED: '0' },
      });
      signal = await readSignalFile(join(root, 'signal.csv'), []);
      cases = JSON.parse(readFileSync(join(root, 'results.json'), 'utf8')) as typeof cases;
    }, 600_000);
    afterAll(() => rmSync(root, { recursive: true, force: true }));

    it('gives the same reports and indicators at every level', async () => {
      const data = openData({ day: root, '1min': root });
      for (const [name, { executor, exchange, report, indicators }] of Object.entries(cases)) {
        const run = await normalBacktest(testContext({ data, region: regions[region]! }), {
          strategy: { class: 'TopkDropoutStrategy', kwargs: { signal, topk: 4, n_drop: 2 } },
          executor,
          start_time: '2020-01-06',
          end_time: '2020-01-15',
          benchmark: 'SH000300',
          account: money,
          exchange_kwargs: exchange,
        });
        expect([...run.portfolio.keys()], name).toEqual(Object.keys(report));
        for (const [freq, theirs] of Object.entries(report))
          compare(run.portfolio.get(freq)!.report, theirs, `${name} report ${freq}`);
        for (const [freq, theirs] of Object.entries(indicators))
          compare(run.indicators.get(freq)!.table, theirs, `${name} indicators ${freq}`);
      }
    }, 300_000);
  },
);

/** Each figure to 1e-6 of itself; money to 1e-6 of a unit above that. */
function compare(ours: Table, theirs: Columns, what: string): void {
  const times = Array.from(ours.index[0]!.values as Float64Array, formatTime);
  expect(times, what).toEqual(theirs['index']!.map((time) => String(time).replace(/ 00:00:00$/, '')));
  for (const { label, values } of ours.columns)
    theirs[String(label)]!.forEach((value, i) => {
      const a = Number(values[i]);
      const b = value === null ? Number.NaN : Number(value);
      if (Number.isNaN(a) && Number.isNaN(b)) return;
      const isClose = Math.abs(a - b) <= 1e-6 * Math.abs(b) + (Math.abs(b) > 1 ? 1e-6 : 1e-12);
      expect(isClose, `${what} ${String(label)} ${times[i]}: ${a}, qlib has ${b}`).toBe(true);
    });
}
