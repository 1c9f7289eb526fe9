import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Booster, type FeatureColumn, train } from '../../components/model/gbdt/index.ts';
import { compareEvals, compareTrees, raw } from './boosters.ts';
import { Difference, goldensRoot, readJson, toNumber } from './support.ts';

const root = goldensRoot();
const folder = root ? join(root, 'data', 'models') : '';
const kernels = (process.env['GBDT_KERNELS'] ?? 'wasm') as 'wasm' | 'reference';

interface MatrixCase {
  readonly case: string;
  readonly params: Record<string, unknown>;
  readonly num_boost_round: number;
  readonly early_stopping_rounds: number | null;
  readonly evals: Record<string, Record<string, number[]>>;
  readonly best_iteration: number;
  readonly label: string;
}

interface TinyCase {
  readonly case: string;
  readonly params: Record<string, unknown>;
  readonly rounds: number;
  readonly evals: Record<string, Record<string, number[]>>;
  readonly model_txt: string;
  readonly pred: number[];
}

describe.skipIf(!root)('boosting on stored matrices equals LightGBM', () => {
  if (!root) return;
  const at = join(folder, 'matrix');
  const matrix = readJson<{
    columns: string[];
    shapes: Record<string, [number, number]>;
    cases: MatrixCase[];
  }>(join(at, 'matrix.json'));

  const floats = (name: string) => {
    const bytes = raw(join(at, `${name}.f32.gz`));
    return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  };
  const columnsOf = (set: string): FeatureColumn[] => {
    const [rows, width] = matrix.shapes[set]!;
    const cells = floats(`X_${set}`);
    return Array.from({ length: width }, (_, c) => ({
      values: Float32Array.from({ length: rows }, (_, r) => cells[r * width + c]!),
      rows: null,
    }));
  };
  const set = (name: string, label: string) => {
    const y = floats(`y_${name}`);
    return {
      columns: columnsOf(name),
      label: label === 'y > 0' ? y.map((v) => (v > 0 ? 1 : 0)) : y,
    };
  };

  for (const golden of matrix.cases)
    it(golden.case, async () => {
      const data = set('train', golden.label);
      const { booster, evals, bestIteration } = await train({
        params: golden.params,
        data,
        rounds: golden.num_boost_round,
        valids: [
          { name: 'train', data },
          { name: 'valid', data: set('valid', golden.label) },
        ],
        earlyStopping: golden.early_stopping_rounds ? { rounds: golden.early_stopping_rounds } : null,
        kernels,
      });
      compareEvals(evals, golden.evals);
      expect(bestIteration).toBe(golden.best_iteration);
      const text = raw(join(at, `${golden.case}.model.txt.gz`)).toString('utf8');
      const theirs = Booster.parse(text);
      compareTrees(booster, theirs);
      const bytes = raw(join(at, `${golden.case}.pred.f64.gz`));
      const pred = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
      const columns = columnsOf('test');
      const difference = new Difference(1e-6, 1e-9);
      const exact = new Difference(1e-12, 1e-15);
      const own = booster.predict(columns, pred.length);
      const read = theirs.predict(columns, pred.length);
      for (const [i, value] of pred.entries()) {
        difference.add(own[i]!, value, () => `our prediction of row ${i}`);
        exact.add(read[i]!, value, () => `prediction by their model of row ${i}`);
      }
      difference.check();
      exact.check();
    });
});

describe.skipIf(!root)('boosting on a tiny matrix equals LightGBM', () => {
  if (!root) return;
  const tiny = readJson<{ X: unknown[][]; y: number[]; cases: TinyCase[] }>(
    join(folder, 'tiny', 'tiny.json'),
  );
  const columns = tiny.X[0]!.map((_, c) => ({
    values: Float32Array.from(tiny.X, (row) => toNumber(row[c])),
    rows: null,
  }));
  for (const golden of tiny.cases)
    it(golden.case, async () => {
      const data = { columns, label: Float32Array.from(tiny.y) };
      const { booster, evals } = await train({
        params: golden.params,
        data,
        rounds: golden.rounds,
        valids: [{ name: 'train', data }],
        kernels,
      });
      compareEvals(evals, golden.evals);
      compareTrees(booster, Booster.parse(golden.model_txt));
      const difference = new Difference(1e-6, 1e-9);
      const own = booster.predict(columns, tiny.y.length);
      for (const [i, value] of golden.pred.entries()) difference.add(own[i]!, value, `row ${i}`);
      difference.check();
      expect(booster.toText()).toBe(golden.model_txt);
    });
});
