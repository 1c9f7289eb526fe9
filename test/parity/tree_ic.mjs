// Trains our XGBModel's and CatBoostModel's boosters on the files that tree_ic.py wrote; writes predictions. usage: node tree_ic.mjs FOLDER
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const folder = process.argv[2];
// beside the compiled kernels, which npm start makes
const bundle = join(root, process.env.QRUN_DIST || 'dist', 'parity', `trees.${process.pid}.mjs`);
await build({
  stdin: {
    contents:
      "export { trainXgb } from './components/model/xgb/train.ts'; export { trainCat } from './components/model/catboost/train.ts';",
    resolveDir: root,
    loader: 'ts',
  },
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  outfile: bundle,
});
const { trainXgb, trainCat } = await import(pathToFileURL(bundle));
const { features, runs } = JSON.parse(readFileSync(join(folder, 'runs.json'), 'utf8'));
const floats = (name) => {
  const bytes = readFileSync(join(folder, name));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};
const set = (name) => {
  const label = floats(`y_${name}.f32`);
  const cells = floats(`X_${name}.f32`);
  const columns = Array.from({ length: features }, (_, f) => ({
    values: cells.subarray(f * label.length, (f + 1) * label.length),
    rows: null,
  }));
  return { columns, label };
};
const [data, valid, test] = ['train', 'valid', 'test'].map(set);
for (const { name, library, params, rounds, stop } of runs) {
  const start = performance.now();
  const booster =
    library === 'xgboost'
      ? await trainXgb({
          params,
          data,
          rounds,
          stopAfter: stop,
          evals: [
            { name: 'train', data },
            { name: 'valid', data: valid },
          ],
        })
      : await trainCat({ params, data, valid, iterations: rounds, stopAfter: stop });
  const pred = Float64Array.from(booster.predict(test.columns, test.label.length));
  writeFileSync(join(folder, `${name}.f64`), pred);
  console.log(
    name,
    booster.model.trees.length,
    'trees',
    ((performance.now() - start) / 1000).toFixed(1),
    's',
  );
}
