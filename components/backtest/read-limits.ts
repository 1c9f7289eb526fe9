import { type KeyPath, UserError } from '../core/errors.ts';
import { unknownName } from '../core/nearest.ts';
import type { DeclaredLimits } from './declared-limits.ts';
import { show } from './exchange-options.ts';
import { readCsvFile } from './signal-file.ts';

const share = { type: ['number', 'null'], exclusiveMinimum: 0 };
const known = [
  'position',
  'group',
  'groups',
  'holdings',
  'turnover',
  'stop_loss',
  'cooldown',
  'trim',
] as const;

/** JSON schema of `limits` of a backtest. */
export const limitsSchema = {
  type: ['object', 'null'],
  description: 'limits that cut orders of any strategy',
  properties: {
    position: { ...share, description: 'largest share of the account in one instrument' },
    group: { ...share, description: 'largest share of the account in one group' },
    groups: {
      anyOf: [{ type: 'string' }, { type: 'object', additionalProperties: { type: 'string' } }],
      description: 'group by instrument, or a .csv file with columns instrument and group',
    },
    holdings: { type: ['integer', 'null'], minimum: 1, description: 'most instruments held at once' },
    turnover: { ...share, description: 'largest sum of trades a day, as a share of the account' },
    stop_loss: { ...share, description: 'loss since the purchase at which a holding is closed' },
    cooldown: { type: 'integer', minimum: 0, description: 'steps without trade after a stop' },
    trim: {
      type: 'boolean',
      description: 'cut back what prices have carried above position or group; default: true',
    },
  },
  additionalProperties: false,
} as const;

/**
 * Reads `limits`: shares of the account by `position`, `group` (with `groups`), `turnover`; `holdings`; `stop_loss` with `cooldown`; `trim`. Null for none.
 * @throws UserError for unknown keys, values out of range, a group limit without groups
 */
export async function readLimits(given: unknown, path: KeyPath): Promise<DeclaredLimits | null> {
  if (given === undefined || given === null) return null;
  if (typeof given !== 'object' || Array.isArray(given))
    throw new UserError(`limits is ${show(given)}`, {
      hint: 'a mapping such as {position: 0.1} is needed',
      path,
    });
  const limits = given as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(limits))
    if (!(known as readonly string[]).includes(key)) throw unknownName('limit', key, known, [...path, key]);
  const number = (key: string): number | null => {
    const value = limits[key] ?? null;
    if (value === null || (typeof value === 'number' && value > 0 && Number.isFinite(value))) return value;
    throw new UserError(`${key} is ${show(value)}`, {
      hint: 'a share above 0 is needed',
      path: [...path, key],
    });
  };
  const group = number('group');
  if (group !== null && limits['groups'] === undefined)
    throw new UserError('a group limit needs groups', {
      hint: 'groups: {INSTRUMENT: group}, or a .csv file with columns instrument and group',
      path: [...path, 'groups'],
    });
  const cooldown = limits['cooldown'] ?? 0;
  if (!Number.isInteger(cooldown) || (cooldown as number) < 0)
    throw new UserError(`cooldown is ${show(cooldown)}`, {
      hint: 'a whole number of steps is needed',
      path: [...path, 'cooldown'],
    });
  const holdings = limits['holdings'] ?? null;
  if (holdings !== null && !(Number.isInteger(holdings) && (holdings as number) > 0))
    throw new UserError(`holdings is ${show(holdings)}`, {
      hint: 'a whole number of instruments is needed',
      path: [...path, 'holdings'],
    });
  const trim = limits['trim'] ?? true;
  if (typeof trim !== 'boolean')
    throw new UserError(`trim is ${show(trim)}`, {
      hint: 'true or false is needed',
      path: [...path, 'trim'],
    });
  return {
    position: number('position'),
    group,
    groups: await readGroups(limits['groups'], [...path, 'groups']),
    holdings: holdings as number | null,
    turnover: number('turnover'),
    stopLoss: number('stop_loss'),
    cooldown: cooldown as number,
    trim,
  };
}

async function readGroups(given: unknown, path: KeyPath): Promise<ReadonlyMap<string, string>> {
  if (given === undefined || given === null) return new Map();
  if (typeof given === 'object' && !Array.isArray(given))
    return new Map(Object.entries(given).map(([instrument, group]) => [instrument, String(group)]));
  if (typeof given !== 'string') throw new UserError(`groups is ${show(given)}`, { path });
  const { header, rows } = await readCsvFile(given, path);
  const [instrument, group] = [header.indexOf('instrument'), header.indexOf('group')];
  if (instrument < 0 || group < 0)
    throw new UserError(`${given} has the columns ${header.join(', ')}`, {
      hint: 'instrument and group are needed',
      path,
    });
  return new Map(rows.map((row) => [row[instrument] ?? '', row[group] ?? '']));
}
