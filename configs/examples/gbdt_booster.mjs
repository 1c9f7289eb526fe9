// Gradient boosting without a workflow: the trees, the model file and the numbers are LightGBM's.
// usage: node gbdt_booster.mjs [folder for model.txt, model.json and tree.svg]
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Booster, columnsOfRows, refit, train } from 'qrun/gbdt';

// y = x0 * x1 + x2 and some noise, from a small generator so that every run sees the same
let state = 1;
const next = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};
const make = (count) => {
  const rows = Array.from({ length: count }, () => [next() - 0.5, next() - 0.5, next() - 0.5]);
  const label = rows.map(([a, b, c]) => a * b + c + 0.1 * (next() - 0.5));
  return { columns: columnsOfRows(rows, ['alpha', 'beta', 'gamma']), label };
};
const data = make(2000);
const held = make(500);

const { booster, evals, bestIteration } = await train({
  params: { objective: 'mse', learning_rate: 0.1, num_leaves: 15 },
  data,
  rounds: 200,
  valids: [{ name: 'held', data: held }],
  earlyStopping: { rounds: 10 },
});
console.log(`best iteration ${bestIteration}, l2 ${evals.get('held').get('l2')[bestIteration - 1].toFixed(5)}`);
console.log('splits by feature', [...booster.importance('split')].join(' '));

const first = columnsOfRows([[0.2, -0.1, 0.4]]);
console.log('prediction', booster.predict(first, 1)[0]);
console.log('with 10 iterations', booster.predict(first, 1, { iterations: 10 })[0]);
console.log('SHAP values, then the expected value', [...booster.predict(first, 1, { kind: 'contrib' })]);

// Python: lightgbm.Booster(model_file="model.txt") predicts the same
const again = Booster.parse(booster.toText());
console.log('read back', again.predict(first, 1)[0]);
console.log('refitted', refit(booster, held).predict(first, 1)[0]);

const folder = process.argv[2];
if (folder) {
  writeFileSync(join(folder, 'model.txt'), booster.toText());
  writeFileSync(join(folder, 'model.json'), JSON.stringify(booster.dump()));
  writeFileSync(join(folder, 'tree.svg'), booster.treeSvg(0));
}
