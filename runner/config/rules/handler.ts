import { UserError } from '../../../components/core/errors.ts';
import { parseFreq } from '../../../components/core/freq.ts';
import { unknownName } from '../../../components/core/nearest.ts';
import type { FoundComponent } from '../check-component.ts';
import { unknownFreq } from '../schema-messages.ts';
import { isMapping } from '../spec.ts';

/** `freq` of a handler or loader. */
export function checkFreq({ kwargs, kwargsPath }: FoundComponent): UserError[] {
  const { freq } = kwargs;
  if (typeof freq !== 'string') return [];
  try {
    parseFreq(freq);
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [unknownFreq(freq, [...kwargsPath, 'freq'])];
  }
}

/** The column groups that a handler makes; undefined where only its data can tell. */
export function groupsOf({ name, kwargs }: FoundComponent): string[] | undefined {
  if (/^Alpha(?:158|360)(?:vwap)?$/.test(name)) return ['feature', 'label'];
  const loader = kwargs['data_loader'];
  const config = isMapping(loader) && isMapping(loader['kwargs']) ? loader['kwargs']['config'] : undefined;
  return isMapping(config) &&
    isMapping(loader) &&
    /^(?:Qlib|Nested)?DataLoader$/.test(String(loader['class']))
    ? Object.keys(config)
    : undefined;
}

/** Groups of columns that processors are told to work on and that the handler does not have. */
export function checkGroups(handler: FoundComponent, processors: readonly FoundComponent[]): UserError[] {
  const groups = groupsOf(handler);
  if (!groups) return [];
  return processors.flatMap(({ kwargs, kwargsPath }) => {
    const group = kwargs['fields_group'];
    if (typeof group !== 'string' || groups.includes(group)) return [];
    return [unknownName('column group', group, groups, [...kwargsPath, 'fields_group'])];
  });
}
