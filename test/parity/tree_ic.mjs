// Our side of tree_ic.py: node tree_ic.mjs alpha158 DATA START END FOLDER writes the features, node tree_ic.mjs train FOLDER trains our XGBModel's and
// CatBoostModel's boosters on the files that tree_ic.py wrote and writes predictions.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const [command, ...args] = process.argv.slice(2);

/** Bundles TypeScript beside the compiled kernels, which npm start makes, and loads it. */
async function load(name, input) {
  const outfile = join(root, process.env.QRUN_DIST || 'dist', 'parity', `${name}.${process.pid}.mjs`);
  await build({ ...input, bundle: true, platform: 'node', format: 'esm', packages: 'external', outfile });
  return import(pathToFileURL(outfile));
}

if (command === 'alpha158') {
  process.argv.splice(2, Number.POSITIVE_INFINITY, ...args);
  await load('alpha158', { entryPoints: [join(root, 'test', 'parity', '_alpha158-run.ts')] });
} else await train(args[0]);

async function train(folder) {
  const contents =
    "export { trainXgb } from './components/model/xgb/train.ts'; export { trainCat } from './components/model/catboost/train.ts';";
  const { trainXgb, trainCat } = await load('trees', { stdin: { contents, resolveDir: root, loader: 'ts' } });
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
    const evals = [
      { name: 'train', data },
      { name: 'valid', data: valid },
    ];
    const booster =
      library === 'xgboost'
        ? await trainXgb({ params, data, rounds, stopAfter: stop, evals })
        : await trainCat({ params, data, valid, iterations: rounds, stopAfter: stop });
    const pred = Float64Array.from(booster.predict(test.columns, test.label.length));
    writeFileSync(join(folder, `${name}.f64`), pred);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(name, booster.model.trees.length, 'trees', seconds, 's');
  }
}
