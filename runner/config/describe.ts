/** A value as messages show it: `the string "five"`, `-5`, `a list`, cut where it is long. */
export function describe(value: unknown): string {
  if (typeof value === 'string')
    return `the string "${value.length > 100 ? `${value.slice(0, 100)}...` : value}"`;
  if (typeof value === 'number') return formatNumber(value);
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value))
    return value.length === 1 ? 'a list of 1 item' : `a list of ${value.length} items`;
  return typeof value === 'object' ? 'a mapping' : String(value);
}

/** A number as YAML has it: `nan` and `inf` as Python prints them. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return String(value);
}

/** `a model`, `an executor`. */
export const article = (word: string) => `${/^[aeiou]/i.test(word) ? 'an' : 'a'} ${word}`;
