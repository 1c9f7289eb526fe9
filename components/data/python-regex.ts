import { type KeyPath, UserError } from '../core/errors.ts';

/**
 * Python's `re.match`: the pattern at the beginning of the text. Syntax that both languages share is taken as it is; `(?P<name>`, `(?P=name)`,
 * `\A`, `\Z` and the leading flag `(?i)` are rewritten. @throws UserError for a pattern that JavaScript cannot read
 */
export function pythonRegex(pattern: string, path: KeyPath): RegExp {
  let flags = '';
  const text = pattern
    .replace(/^\(\?([imsu]+)\)/, (_, given: string) => {
      flags = [...new Set(given.replace('u', ''))].join('');
      return '';
    })
    .replace(/\(\?P<(\w+)>/g, '(?<$1>')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replace(/\\A/g, '^')
    .replace(/\\Z/g, '$(?![\\s\\S])');
  try {
    return new RegExp(`^(?:${text})`, flags);
  } catch (cause) {
    throw new UserError(`"${pattern.slice(0, 200)}" is no regular expression`, {
      hint: cause instanceof Error ? cause.message : '',
      path,
      cause,
    });
  }
}
