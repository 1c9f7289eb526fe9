import type { ModelData } from '../booster.ts';
import { treeText } from '../tree/tree-text.ts';

/** LightGBM's model file (src/boosting/gbdt_model_text.cpp), version v4. */
export function modelText(model: ModelData): string {
  const trees = model.trees.map((tree, i) => `Tree=${i}\n${treeText(tree)}\n`);
  const head = [
    'tree',
    'version=v4',
    `num_class=${model.classes}`,
    `num_tree_per_iteration=${model.treesPerIteration}`,
    'label_index=0',
    `max_feature_idx=${model.featureNames.length - 1}`,
    ...(model.objective ? [`objective=${model.objective}`] : []),
    ...(model.averageOutput ? ['average_output'] : []),
    `feature_names=${model.featureNames.join(' ')}`,
    ...(model.monotoneConstraints?.length
      ? [`monotone_constraints=${model.monotoneConstraints.join(' ')}`]
      : []),
    `feature_infos=${model.featureInfos.join(' ')}`,
    `tree_sizes=${trees.map((t) => Buffer.byteLength(t)).join(' ')}`,
    '',
    '',
  ].join('\n');
  const tail = ['', 'feature_importances:', ...importances(model), '', ''].join('\n');
  const parameters = model.parameters === '' ? '' : `parameters:\n${model.parameters}\nend of parameters\n`;
  return `${head}${trees.join('')}end of trees\n${tail}${parameters}\npandas_categorical:${model.pandasCategorical ?? 'null'}\n`;
}

/** `name=splits`, most splits first, features that never split left out. */
function importances({ trees, featureNames }: ModelData): string[] {
  const splits = new Int32Array(featureNames.length);
  for (const { numLeaves, splitFeature, splitGain } of trees)
    for (let node = 0; node < numLeaves - 1; node++) if (splitGain[node]! > 0) splits[splitFeature[node]!]!++;
  return [...splits.entries()]
    .filter(([, n]) => n > 0)
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .map(([f, n]) => `${featureNames[f]}=${n}`);
}
