import { type KeyPath, UserError } from '../core/errors.ts';
import { unknownName } from '../core/nearest.ts';
import type { Panel, PanelColumn } from '../core/panel.ts';
import type { ColumnSet } from './types.ts';

/** Every column, group names dropped (qlib's `CS_ALL`). */
export const allColumns = '__all';
/** Every column with its group (qlib's `CS_RAW`). */
export const rawColumns = '__raw';

/** Names of the column groups in their order; empty where columns have one level. */
export function groupsOf(columns: readonly { readonly group: string | null }[]): string[] {
  return [...new Set(columns.flatMap(({ group }) => (group === null ? [] : [group])))];
}

/** The error for a group that a panel does not have. */
export function unknownGroup(
  group: string,
  columns: readonly { readonly group: string | null }[],
  path: KeyPath = [],
): UserError {
  const groups = groupsOf(columns);
  if (groups.length > 0) return unknownName('column group', group, groups, path);
  return new UserError(`no column group "${group}": these columns have no groups`, { path });
}

/**
 * Columns of a set: `__all` drops the group names, `__raw` keeps them, the name of one group gives its columns without the
 * group's name, a list of groups gives theirs in that order with it. Panels without groups are given whole, as qlib does.
 * Source: qlib, `fetch_df_by_col` in data/dataset/utils.py.
 * @throws UserError for an unknown group.
 */
export function selectColumns(panel: Panel, set: ColumnSet = allColumns): Panel {
  const { columns } = panel;
  if (groupsOf(columns).length === 0 || set === rawColumns) return panel;
  if (set === allColumns) return panel.withColumns(columns.map(withoutGroup));
  const groups = typeof set === 'string' ? [set] : set;
  const chosen = groups.flatMap((group) => {
    const found = columns.filter((c) => c.group === group);
    if (found.length === 0) throw unknownGroup(group, columns);
    return found;
  });
  return panel.withColumns(typeof set === 'string' ? chosen.map(withoutGroup) : chosen);
}

function withoutGroup(column: PanelColumn): PanelColumn {
  return { ...column, group: null };
}
