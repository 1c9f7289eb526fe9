import { join, resolve } from 'node:path';
import { packageRoot } from '../../components/core/package-root.ts';
import { watchInFolder } from './_run-in.ts';

const runs = Number(process.env['BENCH_RUNS'] ?? 2);

/**
 * The main job as whole processes, ours beside Python qlib's qrun, in turns; the best of each counts: `time` and `memory` (proportional set size
 * of the process and its children) without anything kept, `features` the time with
 * kept features, `cache` that of a run that takes the kept model, too. BENCH_CONFIG names another workflow, BENCH_RUNS how often; the
 * data folder is given to it as SP500 and QRUN_DEMO. All must print the same IC.
 */
export async function bench({ peer, data }: { peer: string; data: string }): Promise<Record<string, number>> {
  const config = resolve(
    process.env['BENCH_CONFIG'] ?? '../shared/peer/configs/lightgbm_alpha158_sp500.yaml',
  );
  Object.assign(process.env, { SP500: data, QRUN_DEMO: data });
  const ours = [join(packageRoot(), 'runner', 'bin', 'qrun.mjs'), config];
  const commands = {
    qlib: [join(peer, 'bin', 'qrun'), config],
    cold: [process.execPath, ...ours, '--no-cache'],
    features: [process.execPath, ...ours, '--retrain'],
    cached: [process.execPath, ...ours],
  };
  const best = { qlib: never(), cold: never(), features: never(), cached: never() };
  // once without being measured: fills the cache
  const ic = icOf((await watchInFolder(process.execPath, ours)).lines);
  for (let run = 0; run < runs; run++)
    for (const [name, [program, ...args]] of Object.entries(commands)) {
      const { seconds, peak, lines } = await watchInFolder(program!, args);
      if (!(Math.abs(icOf(lines) - ic) < 1e-6)) throw new Error(`${name}: IC is ${icOf(lines)}, not ${ic}`);
      const b = best[name as keyof typeof best];
      [b.seconds, b.peak] = [Math.min(b.seconds, seconds), Math.min(b.peak, peak)];
      console.log(
        `${name.padEnd(8)}${seconds.toFixed(2).padStart(8)} s${(peak / 1e9).toFixed(2).padStart(7)} GB`,
      );
    }
  return {
    time: best.qlib.seconds / best.cold.seconds,
    memory: best.qlib.peak / best.cold.peak,
    features: best.qlib.seconds / best.features.seconds,
    cache: best.qlib.seconds / best.cached.seconds,
  };
}

const never = () => ({ seconds: Number.POSITIVE_INFINITY, peak: Number.POSITIVE_INFINITY });

/** The first IC that a run prints: `IC -0.0032`, or `{'IC': -0.0032,`. */
function icOf(lines: readonly string[]): number {
  return Number(/^\{?'?IC'?:? (-?[\d.]+(?:e-\d+)?)/m.exec(lines.join('\n'))?.[1] ?? Number.NaN);
}
