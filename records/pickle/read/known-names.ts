import { arrowNames } from './arrow-names.ts';
import { dateNames } from './date-names.ts';
import { inertName } from './inert-names.ts';
import type { Known } from './known.ts';
import { numpyNames } from './numpy-names.ts';
import { pandasNames } from './pandas-names.ts';
import { pandasScalarNames } from './pandas-scalar-names.ts';
import { pythonNames } from './python-names.ts';

/** The allow-list. A Map, so that names of Object.prototype mean nothing. */
const names: ReadonlyMap<string, Known> = new Map([
  ...pythonNames,
  ...dateNames,
  ...numpyNames,
  ...pandasNames,
  ...pandasScalarNames,
  ...arrowNames,
]);

/** All names of the allow-list but the patterns of inert classes. */
export const listedNames: readonly string[] = [...names.keys()];

/** What stands behind `module.name`; undefined for everything that is to be refused. */
export function knownNames(path: string): Known | undefined {
  return names.get(path) ?? inertName(path);
}
