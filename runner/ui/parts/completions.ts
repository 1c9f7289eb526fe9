const operators: Readonly<Record<string, readonly string[]>> = {
  metrics: ['>', '>=', '<', '<=', '=', '!='],
  params: ['=', '!=', 'LIKE', 'ILIKE'],
  tags: ['=', '!=', 'LIKE', 'ILIKE', 'IS NULL', 'IS NOT NULL'],
  attributes: ['=', '!=', '>', '<', 'LIKE'],
};
const attributes = ['status', 'run_name', 'start_time', 'end_time', 'user_id', 'run_id'];
const most = 12;

export interface Completions {
  /** Where the word begins that a completion takes the place of. */
  readonly from: number;
  readonly items: readonly string[];
}

/** A key as the search language writes it: names with other characters stand in back quotes. */
export function writtenKey(key: string): string {
  const dot = key.indexOf('.');
  const name = key.slice(dot + 1);
  return dot < 0 || /^[\p{L}_][\p{L}\p{N}_.]*$/u.test(name) ? key : `${key.slice(0, dot)}.\`${name}\``;
}

/** What may stand at the caret: keys (`metrics.IC`), comparisons behind a key, AND behind a value. */
export function completions(text: string, caret: number, keys: readonly string[]): Completions {
  const before = text.slice(0, caret);
  const clause = before.slice(lastClause(before));
  const key = /^\s*((?:\w+\.)?(?:`[^`]*`|"[^"]*"|[\p{L}\p{N}_.]+))\s+(\S*)$/u.exec(clause);
  if (key) {
    const kind = key[1]!.includes('.') ? key[1]!.split('.')[0]! : 'attributes';
    const typed = key[2]!.toUpperCase();
    const items = (operators[kind] ?? operators['params']!).filter((o) => o.startsWith(typed));
    return { from: caret - key[2]!.length, items: typed !== '' && items.includes(typed) ? [] : items };
  }
  if (/(?:'[^']*'|"[^"]*"|[\d.]+)\s+(?:A|AN)?$/i.test(clause) && /[=<>]|LIKE/i.test(clause)) {
    const typed = /\w*$/.exec(clause)![0];
    return { from: caret - typed.length, items: ['AND'] };
  }
  const word = /(?:\w+\.)?(?:`[^`]*|[\p{L}\p{N}_.]*)$/u.exec(clause)![0];
  if (/[=<>]|LIKE\s/i.test(clause)) return { from: caret, items: [] };
  const wanted = word.replace('`', '').toLowerCase();
  const all = [...keys, ...attributes];
  const starts = all.filter((k) => k.toLowerCase().startsWith(wanted));
  const within =
    wanted === '' ? [] : all.filter((k) => !starts.includes(k) && k.toLowerCase().includes(wanted));
  return { from: caret - word.length, items: [...starts, ...within].slice(0, most).map(writtenKey) };
}

function lastClause(text: string): number {
  let at = 0;
  for (const m of text.matchAll(/\bAND\s/gi)) at = m.index + m[0].length;
  return at;
}
