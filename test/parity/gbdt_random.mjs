// Our side of gbdt_random.py: trains the cases that it wrote to FOLDER and writes ours.json there.
// usage: node gbdt_random.mjs FOLDER   (QRUN_DIST names the build, default dist)
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const { Booster, refit, train } = await import(join(root, process.env.QRUN_DIST ?? 'dist', 'gbdt.js'));
const folder = process.argv[2];
const kernels = process.env.KERNELS ?? 'wasm';

function read(name, Type) {
  const bytes = readFileSync(join(folder, name));
  return new Type(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

function table(name, { rows, columns, single, group, weight, init }) {
  const values = read(`${name}.X`, single ? Float32Array : Float64Array);
  return {
    columns: Array.from({ length: columns }, (_, c) => ({
      values: values.subarray(c * rows, (c + 1) * rows),
      rows: null,
    })),
    label: read(`${name}.y`, Float32Array),
    weight: weight ? read(`${name}.w`, Float32Array) : null,
    initScore: init ? read(`${name}.init`, Float64Array) : null,
    group,
  };
}

const out = {};
for (const { seed, params, rounds, model, ...parts } of JSON.parse(
  readFileSync(join(folder, 'cases.json'), 'utf8'),
)) {
  try {
    const data = table(`${seed}.train`, parts.train);
    const valid = table(`${seed}.valid`, parts.valid);
    const valids = [
      { name: 'train', data },
      { name: 'valid', data: valid },
    ];
    const { booster, evals } = await train({ params, data, rounds, valids, kernels });
    const rows = parts.valid.rows;
    const predict = (kind, length = rows) => [...booster.predict(valid.columns, length, { kind })];
    const output = (options, from = booster) => [...from.predict(valid.columns, rows, options)];
    // Python reads its models back after training, with few digits of the shrinkage
    const refitted = () => refit(Booster.parse(booster.toText()), valid, { decayRate: 0.6 });
    const more = () => train({ params, data, rounds: 2, kernels, initModel: booster });
    out[seed] = {
      model: booster.toText(),
      evals: Object.fromEntries([...evals].map(([set, metrics]) => [set, Object.fromEntries(metrics)])),
      pred: predict('output'),
      leaf: predict('leaf'),
      contrib: predict('contrib', Math.min(20, rows)),
      theirs: output({}, Booster.parse(model)),
      part: output({ startIteration: 1, iterations: 2 }),
      early: output({ earlyStop: { frequency: 2, margin: 0.5 } }),
      refit: params.path_smooth || valid.initScore ? [] : output({}, refitted()),
      more: params.boosting === 'rf' || data.initScore ? [] : output({}, (await more()).booster),
    };
  } catch (error) {
    out[seed] = { error: `${error.name}: ${error.message}`.slice(0, 300) };
  }
}
writeFileSync(
  join(folder, 'ours.json'),
  JSON.stringify(out, (_, x) => (typeof x === 'number' && !Number.isFinite(x) ? null : x)),
);
