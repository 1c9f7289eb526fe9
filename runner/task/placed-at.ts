import { type KeyPath, UserError } from '../../components/core/errors.ts';
import { valueAt } from '../config/rules/walk.ts';
import { isMapping } from '../config/spec.ts';

/** What a component finds wrong as it works stands in its kwargs, or is its own as a whole. */
export async function placedAt<T>(path: KeyPath, spec: unknown, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const [first] = error.path;
    if (first === undefined) throw error.within(path);
    const kwargs = valueAt(spec, ['kwargs']);
    throw isMapping(kwargs) && Object.hasOwn(kwargs, first) ? error.within([...path, 'kwargs']) : error;
  }
}
