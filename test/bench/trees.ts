import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { packageRoot } from '../../components/core/package-root.ts';
import { writeSyntheticAlphas } from './_synthetic-alphas.ts';
import { watch } from './_watch.ts';

/** The parameters of qlib's XGBoost workflow, without sampling, so that the trees are the same. */
const xgb = { objective: 'reg:squarederror', eta: 0.0421, max_depth: 8, tree_method: 'hist', nthread: 2 };
/** Those of qlib's CatBoost workflow but for Poisson bootstrap, which CatBoost has on graphics cards only. */
const lossguide = {
  loss_function: 'RMSE',
  learning_rate: 0.0421,
  subsample: 0.8789,
  max_depth: 6,
  num_leaves: 100,
  grow_policy: 'Lossguide',
  bootstrap_type: 'Bernoulli',
  thread_count: 2,
};
const symmetric = { loss_function: 'RMSE', learning_rate: 0.0421, thread_count: 2 };

interface Result {
  readonly seconds: number;
  readonly cpu: number;
  readonly loss: number;
}

/**
 * XGBModel's and CatBoostModel's boosting beside the real libraries on the same 470,000 rows of 158 synthetic alphas, 20 rounds and two threads, each in a
 * process of its own: the time from raw columns to the last tree, binning included, and the most memory that the process held, the columns included. PEER needs
 * xgboost and catboost.
 */
export async function bench({
  peer,
  rows = Number(process.env['BENCH_ROWS'] ?? 470_000),
  columns = 158,
  rounds = Number(process.env['BENCH_ROUNDS'] ?? 20),
}: {
  readonly peer: string;
  readonly rows?: number;
  readonly columns?: number;
  readonly rounds?: number;
}): Promise<Record<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), 'qrun-bench-'));
  try {
    writeSyntheticAlphas(folder, rows, columns);
    const program = join(packageRoot(), process.env['QRUN_DIST'] || 'dist', 'bench', '_trees-run.mjs');
    await build({
      entryPoints: [join(packageRoot(), 'test', 'bench', '_trees-run.ts')],
      outfile: program,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      logLevel: 'warning',
    });
    const script = join(packageRoot(), 'test', 'bench', 'trees_peer.py');
    const figures: Record<string, number> = {};
    for (const [name, library, params] of [
      ['xgb', 'xgb', xgb],
      ['catboost', 'catboost', symmetric],
      ['catboost lossguide', 'catboost', lossguide],
    ] as const) {
      const args = [library, folder, String(rows), String(columns), JSON.stringify(params), String(rounds)];
      const theirs = await watch(join(peer, 'bin', 'python'), [script, ...args]);
      const ours = await watch(process.execPath, [program, ...args]);
      const [a, b] = [theirs, ours].map(({ lines }) => JSON.parse(lines.at(-1)!) as Result);
      if (!(Math.abs(a!.loss - b!.loss) < 1e-3 * a!.loss))
        throw new Error(`${name}: our loss is ${b!.loss}, theirs ${a!.loss}`);
      const of = ({ seconds, cpu }: Result, { peak }: { peak: number }) =>
        `${seconds.toFixed(2)} s (processor ${cpu.toFixed(2)} s), ${(peak / 1e6).toFixed(0)} MB`;
      console.log(`${name}: peer ${of(a!, theirs)}; qrun ${of(b!, ours)}; loss ${a!.loss} and ${b!.loss}`);
      figures[name.replace(' ', '-')] = a!.seconds / b!.seconds;
      figures[`${name.replace(' ', '-')}-cpu`] = a!.cpu / b!.cpu;
      figures[`${name.replace(' ', '-')}-memory`] = theirs.peak / ours.peak;
    }
    return figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
