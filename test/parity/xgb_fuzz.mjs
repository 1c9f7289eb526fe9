// Our side of xgb_fuzz.py: node xgb_fuzz.mjs FOLDER trains on its cases, and predicts with the model files of both.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const folder = process.argv[2];
const outfile = join(root, process.env.QRUN_DIST || 'dist', 'parity', `xgb-fuzz.${process.pid}.mjs`);
const contents =
  "export { trainXgb } from './components/model/xgb/train.ts'; export { XgbBooster } from './components/model/xgb/booster.ts';";
await build({
  stdin: { contents, resolveDir: root, loader: 'ts' },
  ...{ bundle: true, platform: 'node', format: 'esm', packages: 'external', outfile },
});
const { trainXgb, XgbBooster } = await import(pathToFileURL(outfile));
const floats = (name) => {
  const bytes = readFileSync(join(folder, name));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};
const cases = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8'));
for (const [i, { params, weights, rounds, stop, features }] of cases.entries()) {
  const set = (suffix) => {
    const label = floats(`${i}.y${suffix}.f32`);
    const cells = floats(`${i}.X${suffix}.f32`);
    const columns = Array.from({ length: features }, (_, f) => ({
      values: cells.subarray(f * label.length, (f + 1) * label.length),
      rows: null,
    }));
    return { columns, label, weight: weights ? floats(`${i}.w${suffix}.f32`) : null };
  };
  const [data, valid] = [set(''), set('v')];
  const evals = {};
  const booster = await trainXgb({
    params,
    data,
    rounds,
    stopAfter: stop,
    evals: [
      { name: 'train', data },
      { name: 'valid', data: valid },
    ],
    onIteration(_, evaluations) {
      for (const { set: name, metric, value } of evaluations) (evals[`${name} ${metric}`] ??= []).push(value);
    },
  });
  writeFileSync(join(folder, `${i}.ours.json`), booster.toJson());
  const theirs = XgbBooster.parse(readFileSync(join(folder, `${i}.theirs.json`), 'utf8'));
  const [pred, predTheirs] = [booster, theirs].map((b) => [...b.predict(valid.columns, valid.label.length)]);
  writeFileSync(join(folder, `${i}.result.json`), JSON.stringify({ evals, pred, predTheirs }));
}
