import { UserError } from '../../../core/errors.ts';
import type { ModelData } from '../booster.ts';
import type { Tree } from '../tree/tree.ts';
import { parseTree } from '../tree/tree-text.ts';

/** Reads LightGBM's model file. @throws UserError that tells the line at fault. */
export function parseModel(text: string): ModelData {
  const lines = text.split(/\r?\n/);
  if (lines[0] !== 'tree')
    throw new UserError('this is no LightGBM model', {
      hint: `the first line must be "tree", not ${JSON.stringify((lines[0] ?? '').slice(0, 40))}`,
    });
  let at = 1;
  const section = (): Map<string, string> => {
    const fields = new Map<string, string>();
    for (; at < lines.length && lines[at] !== ''; at++) {
      const line = lines[at]!;
      const equals = line.indexOf('=');
      fields.set(equals < 0 ? line : line.slice(0, equals), equals < 0 ? '' : line.slice(equals + 1));
    }
    while (lines[at] === '') at++;
    return fields;
  };
  const head = section();
  const featureNames = words(need(head, 'feature_names'));
  const features = count(head, 'max_feature_idx') + 1;
  if (featureNames.length !== features)
    throw new UserError(
      `the model names ${featureNames.length} features, but max_feature_idx says ${features}`,
    );
  const monotoneConstraints = words(head.get('monotone_constraints') ?? '').map(Number);
  if (monotoneConstraints.length > 0 && monotoneConstraints.length !== features)
    throw new UserError(
      `the model has ${monotoneConstraints.length} monotone constraints for ${features} features`,
    );
  const trees: Tree[] = [];
  while (lines[at]?.startsWith('Tree=')) {
    const from = at + 1;
    at++;
    try {
      trees.push(parseTree(section()));
    } catch (cause) {
      throw new UserError(`the model's tree at line ${from} is broken: ${(cause as Error).message}`, {
        cause,
      });
    }
  }
  const classes = count(head, 'num_class');
  const treesPerIteration = head.has('num_tree_per_iteration')
    ? count(head, 'num_tree_per_iteration')
    : classes;
  if (trees.length % treesPerIteration !== 0)
    throw new UserError(
      `the model has ${trees.length} trees, no multiple of ${treesPerIteration} an iteration`,
    );
  const categories = lines
    .findLast((line) => line.startsWith('pandas_categorical:'))
    ?.slice('pandas_categorical:'.length);
  const from = lines.indexOf('parameters:');
  const to = lines.indexOf('end of parameters');
  return {
    trees,
    treesPerIteration,
    classes,
    objective: head.get('objective') ?? null,
    averageOutput: head.has('average_output'),
    featureNames,
    monotoneConstraints,
    featureInfos: words(need(head, 'feature_infos')),
    ...(categories === undefined ? {} : { pandasCategorical: categories }),
    parameters: from >= 0 && to > from ? lines.slice(from + 1, to).join('\n') : '',
  };
}

function need(fields: ReadonlyMap<string, string>, name: string): string {
  const value = fields.get(name);
  if (value === undefined) throw new UserError(`the model has no line ${name}=`);
  return value;
}

function count(fields: ReadonlyMap<string, string>, name: string): number {
  const value = Number(need(fields, name));
  if (!Number.isInteger(value) || value < 0)
    throw new UserError(`the model's ${name} is ${JSON.stringify(fields.get(name))}, no whole number`);
  return value;
}

function words(text: string): string[] {
  return text.split(' ').filter((w) => w !== '');
}
