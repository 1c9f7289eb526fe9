import { UserError } from '../../../core/errors.ts';

/** Features that may be split below a node whose path has split on `path`; null: all. */
export type Interactions = (path: readonly number[]) => ReadonlySet<number> | null;

/**
 * Reads `[0,1,2],[2,3]`: features that may stand on one path together. Allowed below a path are its own features and those of every set that holds
 * the whole path. Source: LightGBM `ColSampler::GetByNode`.
 * @throws UserError for other text and features that do not exist.
 */
export function parseInteractions(text: string, features: number): Interactions | null {
  if (text.trim() === '') return null;
  const compact = text.replace(/\s/g, '');
  const wrong = (problem: string) =>
    new UserError(`interaction_constraints: ${problem}`, {
      hint: 'give lists of feature numbers from 0 on, such as [[0, 1, 2], [2, 3]]',
      path: ['interaction_constraints'],
    });
  if (!/^\[(\d+(,\d+)*)?\](,\[(\d+(,\d+)*)?\])*$/.test(compact)) throw wrong(JSON.stringify(text));
  const sets = [...compact.matchAll(/\[([\d,]*)\]/g)].map(([, list = '']) =>
    list === '' ? [] : list.split(',').map(Number),
  );
  for (const feature of sets.flat())
    if (feature >= features) throw wrong(`there is no feature ${feature} among ${features}`);
  return (path) => {
    const allowed = new Set(path);
    for (const set of sets)
      if (path.every((feature) => set.includes(feature))) for (const feature of set) allowed.add(feature);
    return allowed;
  };
}
