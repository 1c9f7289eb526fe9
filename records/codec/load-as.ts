import type { DataFrame } from 'danfojs-node';
import { UserError } from '../../components/core/errors.ts';
import { unknownName } from '../../components/core/nearest.ts';
import type { Panel } from '../../components/core/panel.ts';
import { isTable } from './tables.ts';

/** Forms in which `loadObject` gives a table: as it is, a danfojs DataFrame, or a panel. */
export interface LoadOptions {
  readonly as?: 'danfo' | 'panel';
}

export function loadedAs(value: unknown, options: { as: 'danfo' }): Promise<DataFrame>;
export function loadedAs(value: unknown, options: { as: 'panel' }): Promise<Panel>;
export function loadedAs(value: unknown, options?: LoadOptions): Promise<unknown>;
/**
 * A loaded value in the form asked for; what makes it is imported only then.
 * @throws UserError where the value has no such form.
 */
export async function loadedAs(value: unknown, { as }: LoadOptions = {}): Promise<unknown> {
  if (as === undefined) return value;
  if (as === 'danfo') return (await import('./danfo.ts')).toDanfo(value);
  if (as !== 'panel') throw unknownName('form', String(as), ['danfo', 'panel']);
  if (!isTable(value)) throw new UserError('only tables can be read as panels');
  return (await import('../../components/core/table-to-panel.ts')).tableToPanel(value);
}
