/** SQL's LIKE: `%` is any text, `_` one character, the rest stands for itself; the whole text must match. No escapes. */
export function likePattern(pattern: string, ignoreCase: boolean): RegExp {
  const source = pattern
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  return new RegExp(`^${source}$`, ignoreCase ? 'sui' : 'su');
}
