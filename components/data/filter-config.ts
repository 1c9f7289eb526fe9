import { type KeyPath, UserError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { pythonRegex } from './python-regex.ts';

export type FilterConfig = Readonly<Record<string, unknown>> &
  (
    | { readonly type: 'NameDFilter'; readonly pattern: RegExp }
    | { readonly type: 'ExpressionDFilter'; readonly expression: string }
  );

const kinds = ['NameDFilter', 'ExpressionDFilter'];

/** What a filter of a `filter_pipe` says, as far as it can be judged without data. @throws UserError */
export function readFilter(filter: unknown, path: KeyPath): FilterConfig {
  if (typeof filter !== 'object' || filter === null || Array.isArray(filter))
    throw new UserError(`a filter must be an object, not ${JSON.stringify(filter)}`, {
      hint: 'such as {filter_type: NameDFilter, name_rule_re: "SH6.*"}',
      path,
    });
  const config = filter as Readonly<Record<string, unknown>>;
  const type = config['filter_type'];
  if (type === 'NameDFilter') return { ...config, type, pattern: patternOf(config, path) };
  if (type === 'ExpressionDFilter') return { ...config, type, expression: expressionOf(config, path) };
  const near = typeof type === 'string' ? nearest(type, kinds) : undefined;
  throw new UserError(`unknown filter_type ${JSON.stringify(type) ?? 'undefined'}`, {
    hint: `${near ? `did you mean ${near}? ` : ''}allowed: ${kinds.join(', ')}`,
    path: [...path, 'filter_type'],
  });
}

function patternOf(config: Readonly<Record<string, unknown>>, path: KeyPath): RegExp {
  const text = config['name_rule_re'];
  if (typeof text === 'string') return pythonRegex(text, [...path, 'name_rule_re']);
  throw new UserError('NameDFilter needs name_rule_re, a regular expression', {
    path: [...path, 'name_rule_re'],
  });
}

function expressionOf(config: Readonly<Record<string, unknown>>, path: KeyPath): string {
  const text = config['rule_expression'];
  if (typeof text === 'string') return text;
  throw new UserError('ExpressionDFilter needs rule_expression, such as $close > 5', {
    path: [...path, 'rule_expression'],
  });
}
