import {
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { packageRoot } from '../../components/core/package-root.ts';
import { writeSyntheticAlphas } from './_synthetic-alphas.ts';
import { watch } from './_watch.ts';

/** The parameters of qlib's LightGBM workflow on Alpha158, with two threads. */
const flagship = {
  objective: 'mse',
  colsample_bytree: 0.8879,
  learning_rate: 0.2,
  subsample: 0.8789,
  lambda_l1: 205.6999,
  lambda_l2: 580.9768,
  max_depth: 8,
  num_leaves: 210,
  num_threads: 2,
  verbosity: -1,
};

/**
 * Boosting beside LightGBM on the same 470,000 rows of 158 synthetic alphas, 54 rounds with the flagship parameters and two threads, each in
 * a process of its own: `fit` compares the time from raw columns to the last tree, binning included; `binary` the same with log loss, whose
 * hessians are not constant; `lambdarank` the same with queries of 500 rows and five grades; `memory` the most memory that the process held in `fit`, the columns included.
 * With deep trees, of which splits take a larger part: `deep`, then `monotone` (two thirds of the features), `extra` (`extra_trees`), `costs` (`cegb_penalty_split`) and
 * `categories` (20 features).
 */
export async function bench({
  peer,
  rows = 470_000,
  columns = 158,
  rounds = 54,
}: {
  readonly peer: string;
  readonly rows?: number;
  readonly columns?: number;
  readonly rounds?: number;
}): Promise<Record<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), 'qrun-bench-'));
  try {
    writeSyntheticAlphas(folder, rows, columns);
    const program = join(packageRoot(), process.env['QRUN_DIST'] || 'dist', 'bench', '_gbdt-run.mjs');
    await build({
      entryPoints: [join(packageRoot(), 'test', 'bench', '_gbdt-run.ts')],
      outfile: program,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      logLevel: 'warning',
    });
    const script = join(packageRoot(), 'test', 'bench', 'gbdt_peer.py');
    const compare = async (name: string, params: object, from = folder, query = 0) => {
      const shape = [String(rows), String(columns)];
      const args = [from, ...shape, JSON.stringify(params), String(rounds), String(query)];
      const theirs = await watch(join(peer, 'bin', 'python'), [script, ...args]);
      const ours = await watch(process.execPath, [program, ...args]);
      const [a, b] = [theirs, ours].map(
        ({ lines }) => JSON.parse(lines.at(-1)!) as { seconds: number; loss: number },
      );
      if (!(Math.abs(a!.loss - b!.loss) < 1e-3 * a!.loss))
        throw new Error(`${name}: our loss is ${b!.loss}, LightGBM's ${a!.loss}`);
      const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
      console.log(
        `gbdt ${name}: LightGBM ${a!.seconds.toFixed(2)} s, ${megabytes(theirs.peak)}; qrun ${b!.seconds.toFixed(2)} s, ${megabytes(ours.peak)}; loss ${a!.loss} and ${b!.loss}`,
      );
      return { time: a!.seconds / b!.seconds, memory: theirs.peak / ours.peak };
    };
    const fit = await compare('fit', flagship);
    const binary = await compare('binary', {
      ...flagship,
      objective: 'binary',
      lambda_l1: 50,
      lambda_l2: 150,
    });
    const ranked = withGrades(folder, query);
    const rank = await compare(
      'lambdarank',
      { ...flagship, objective: 'lambdarank', metric: 'ndcg', lambda_l1: 0.1, lambda_l2: 1 },
      ranked,
      query,
    );
    const deep = { ...flagship, lambda_l1: 0, lambda_l2: 10 };
    const signs = Array.from({ length: columns }, (_, c) => [1, -1, 0][c % 3]!);
    const special: Record<string, number> = {};
    for (const [name, more, from] of [
      ['deep', {}, folder],
      ['monotone', { monotone_constraints: signs }, folder],
      ['extra', { extra_trees: true }, folder],
      ['costs', { cegb_penalty_split: 1e-5 }, folder],
      ['categories', { categorical_feature: categorical(columns) }, withCategories(folder, rows, columns)],
    ] as const)
      special[name] = (await compare(name, { ...deep, ...more }, from)).time;
    return { fit: fit.time, memory: fit.memory, binary: binary.time, lambdarank: rank.time, ...special };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Rows a query. */
const query = 500;

/** The columns that are counts in a window. */
const categorical = (columns: number) =>
  Array.from({ length: Math.ceil(columns / 8) }, (_, i) => 8 * i).filter((c) => c < columns);

/** A folder with the same labels and features, but with categories 0 to 59 in some. */
function withCategories(folder: string, rows: number, columns: number): string {
  const named = join(folder, 'named');
  mkdirSync(named);
  symlinkSync(join(folder, 'y.f32'), join(named, 'y.f32'));
  copyFileSync(join(folder, 'X.f32'), join(named, 'X.f32'));
  const file = openSync(join(named, 'X.f32'), 'r+');
  const values = new Float32Array(rows);
  for (const c of categorical(columns)) {
    readSync(file, values, 0, 4 * rows, 4 * rows * c);
    for (let r = 0; r < rows; r++) values[r] = (Math.round(60 * values[r]!) * 7) % 60;
    writeSync(file, values, 0, 4 * rows, 4 * rows * c);
  }
  closeSync(file);
  return named;
}

/** A folder with the same features and labels that are grades 0 to 4, by the order within each query. */
function withGrades(folder: string, size: number): string {
  const graded = join(folder, 'graded');
  mkdirSync(graded);
  symlinkSync(join(folder, 'X.f32'), join(graded, 'X.f32'));
  const bytes = readFileSync(join(folder, 'y.f32'));
  const label = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const grades = new Float32Array(label.length);
  for (let from = 0; from < label.length; from += size) {
    const to = Math.min(from + size, label.length);
    const order = Array.from({ length: to - from }, (_, i) => from + i).sort((a, b) => label[a]! - label[b]!);
    for (const [place, row] of order.entries()) grades[row] = Math.floor((5 * place) / order.length);
  }
  writeFileSync(join(graded, 'y.f32'), grades);
  return graded;
}
