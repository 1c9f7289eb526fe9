import { resolve } from 'node:path';
import { watchInFolder } from './_run-in.ts';

const runs = Number(process.env['BENCH_RUNS'] ?? 2);

/**
 * The main job as whole processes, ours beside Python qlib's qrun, in turns; the best of each counts. BENCH_CONFIG names another workflow; the data folder
 * is given to it as SP500 and QRUN_DEMO. Ours runs without a cache, then from one.
 */
export async function bench({ peer, data }: { peer: string; data: string }): Promise<Record<string, number>> {
  const config = resolve(
    process.env['BENCH_CONFIG'] ?? '../shared/peer/configs/lightgbm_alpha158_sp500.yaml',
  );
  Object.assign(process.env, { SP500: data, QRUN_DEMO: data });
  const ours = [resolve('runner/bin/qrun.mjs'), config];
  const commands = {
    qlib: [`${peer}/bin/qrun`, config],
    cold: [process.execPath, ...ours, '--no-cache'],
    cached: [process.execPath, ...ours],
  };
  const best = { qlib: never(), cold: never(), cached: never() };
  // once without being measured: fills the cache
  await watchInFolder(process.execPath, ours);
  for (let run = 0; run < runs; run++)
    for (const [name, [program, ...args]] of Object.entries(commands)) {
      const { seconds, peak } = await watchInFolder(program!, args);
      const b = best[name as keyof typeof best];
      [b.seconds, b.peak] = [Math.min(b.seconds, seconds), Math.min(b.peak, peak)];
      console.log(
        `${name.padEnd(8)}${seconds.toFixed(2).padStart(8)} s${(peak / 1e9).toFixed(2).padStart(7)} GB`,
      );
    }
  return {
    cold: best.qlib.seconds / best.cold.seconds,
    cached: best.qlib.seconds / best.cached.seconds,
    memory: best.qlib.peak / best.cold.peak,
  };
}

const never = () => ({ seconds: Number.POSITIVE_INFINITY, peak: Number.POSITIVE_INFINITY });
