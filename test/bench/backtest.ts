import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { normalBacktest } from '../../components/backtest/run.ts';
import { dayMs, formatTime, type Time } from '../../components/core/dates.ts';
import { openData } from '../../components/data/folder-provider.ts';
import type { DataProvider } from '../../components/data/provider.ts';
import { testContext } from '../components/backtest/context.ts';

const score = '-1*Mean($close/Ref($close,1)-1, 5)';
const costs = { open_cost: 0.0005, close_cost: 0.0015, min_cost: 5 };

/**
 * Daily TopkDropout (50, 5) over the last three and a half years of all instruments, by a reversal score.
 * `loop`: the backtest once quotes are loaded (the aim: 0.3 s); `whole`: with loading them. Ratios to qlib's
 * own loop and backtest.
 */
export async function bench({ peer, data: folder }: { readonly peer: string; readonly data: string }) {
  const data = openData(folder);
  const days = await data.calendar();
  const end = days.at(-2)!;
  const start = days.find((day) => day >= end - 3.5 * 365.25 * dayMs)!;
  const fields = [{ group: null, name: 'score', expression: score }];
  const signal = await data.features({ instruments: 'all', fields, start: start - 30 * dayMs, end });
  const options = {
    strategy: { class: 'TopkDropoutStrategy', kwargs: { signal, topk: 50, n_drop: 5 } },
    executor: {
      class: 'SimulatorExecutor',
      kwargs: { time_per_step: 'day', generate_portfolio_metrics: true },
    },
    start_time: start,
    end_time: end,
    account: 1e8,
    benchmark: signal.index.instruments[0],
    exchange_kwargs: costs,
  };
  const whole = await best(() => normalBacktest(testContext({ data }), options));
  const kept = testContext({ data: remember(data) });
  const loop = await best(() => normalBacktest(kept, options));
  const theirs = runQlib(peer, folder, start, end, String(options.benchmark));
  console.log(
    `${signal.index.instruments.length} instruments, ${formatTime(start)} to ${formatTime(end)}: ` +
      `loop ${loop.toFixed(3)} s (qlib ${theirs.loop.toFixed(3)} s), whole ${whole.toFixed(3)} s (qlib ${theirs.whole.toFixed(3)} s)`,
  );
  return { loop: theirs.loop / loop, whole: theirs.whole / whole };
}

async function best(run: () => Promise<unknown>): Promise<number> {
  let seconds = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    const from = performance.now();
    await run();
    seconds = Math.min(seconds, (performance.now() - from) / 1000);
  }
  return seconds;
}

/** Keeps what was computed, so that only the backtest is timed. */
function remember(data: DataProvider): DataProvider {
  const known = new Map<string, ReturnType<DataProvider['features']>>();
  return {
    folder: data.folder,
    calendar: (options) => data.calendar(options),
    markets: () => data.markets(),
    instruments: (spec, options) => data.instruments(spec, options),
    fields: (instrument, freq) => data.fields(instrument, freq),
    features(request) {
      const { instruments, ...rest } = request;
      const names = instruments instanceof Map ? [...instruments.keys()] : instruments;
      const key = JSON.stringify([names, rest]);
      let panel = known.get(key);
      if (!panel) known.set(key, (panel = data.features(request)));
      return panel;
    },
  };
}

function runQlib(peer: string, folder: string, start: Time, end: Time, benchmark: string) {
  const [from, to] = [formatTime(start), formatTime(end)];
  const script = `
import time, qlib
qlib.init(provider_uri=${JSON.stringify(folder)}, region="us", kernels=1, logging_level=50)
from qlib.data import D
from qlib.backtest import get_strategy_executor
from qlib.backtest.backtest import backtest_loop
signal = D.features(D.instruments("all"), [${JSON.stringify(score)}], ${JSON.stringify(formatTime(start - 30 * dayMs))}, "${to}")
signal.columns = ["score"]
strategy = {"class": "TopkDropoutStrategy", "module_path": "qlib.contrib.strategy", "kwargs": {"signal": signal, "topk": 50, "n_drop": 5}}
executor = {"class": "SimulatorExecutor", "module_path": "qlib.backtest.executor", "kwargs": {"time_per_step": "day", "generate_portfolio_metrics": True}}
begin = time.perf_counter()
parts = get_strategy_executor("${from}", "${to}", strategy, executor, benchmark=${JSON.stringify(benchmark)}, account=100000000, exchange_kwargs=${JSON.stringify(costs)})
loaded = time.perf_counter()
backtest_loop("${from}", "${to}", *parts)
done = time.perf_counter()
print("SECONDS", done - loaded, done - begin)
`;
  const run = spawnSync(join(peer, 'bin', 'python'), ['-'], { input: script, encoding: 'utf8' });
  const found = /SECONDS (\S+) (\S+)/.exec(run.stdout);
  if (!found) throw new Error(`qlib's backtest failed: ${run.stderr.slice(-2000)}`);
  return { loop: Number(found[1]), whole: Number(found[2]) };
}
