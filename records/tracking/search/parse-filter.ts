import { nearest } from '../../../components/core/nearest.ts';
import { Cursor } from './cursor.ts';
import {
  type Clause,
  type Comparison,
  fieldsOf,
  type Grammar,
  type Key,
  type KeyRule,
  ruleOf,
} from './grammar.ts';
import { parseKey } from './parse-key.ts';

const sign = /!=|<=|>=|=|<|>/y;
const words = /NOT\s+IN\b|IS\s+NOT\s+NULL\b|IS\s+NULL\b|IN\b|LIKE\b|ILIKE\b/iy;
const number = /[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\p{L}\p{N}_.])/uy;

/** What SQLite's bound on the depth of an expression leaves room for. */
const mostClauses = 300;

/**
 * MLflow's search language: `key comparison value AND ...`; the parts of a filter, all of which must hold. An empty text has none.
 * @throws TrackingError that points at the character.
 */
export function parseFilter(text: string, grammar: Grammar): Clause[] {
  const cursor = new Cursor(text, 'search filter');
  const clauses: Clause[] = [];
  while (!cursor.ended) {
    const { key, at } = parseKey(cursor, grammar);
    const { rule, name } = checkedRule(cursor, grammar, key, at);
    const comparison = parseComparison(cursor, rule, key);
    if (clauses.length === mostClauses)
      throw cursor.error(`more than ${mostClauses} parts`, 'split the search', at);
    clauses.push({ key: { ...key, name }, comparison, value: parseValue(cursor, rule, comparison) });
    if (!cursor.ended && cursor.take(/AND\b/iy) === undefined)
      throw cursor.error(
        `expected AND, found ${cursor.found}`,
        'parts are joined by AND; there is no OR, NOT or bracket around them',
      );
  }
  return clauses;
}

function checkedRule(
  cursor: Cursor,
  grammar: Grammar,
  key: Key,
  at: number,
): { rule: KeyRule; name: string } {
  const rule = ruleOf(grammar, key);
  if (rule) return { rule, name: rule.name ?? key.name };
  const known = fieldsOf(grammar, key.entity);
  const near = nearest(key.name, known);
  throw cursor.error(
    `unknown ${key.entity} "${key.name}"`,
    `${near ? `did you mean "${near}"? ` : ''}allowed: ${known.join(', ')}`,
    at,
  );
}

function parseComparison(cursor: Cursor, rule: KeyRule, { entity, name }: Key): Comparison {
  cursor.skip();
  const at = cursor.at;
  const found = cursor.take(sign) ?? cursor.take(words);
  const allowed = `allowed for ${entity} "${name}": ${rule.comparisons.join(' ')}`;
  if (found === undefined) throw cursor.error(`expected a comparison, found ${cursor.found}`, allowed);
  const wanted = found.toUpperCase().replace(/\s+/g, ' ');
  const comparison = rule.comparisons.find((c) => c === wanted);
  if (!comparison) throw cursor.error(`${wanted} does not compare ${entity} "${name}"`, allowed, at);
  return comparison;
}

function parseValue(cursor: Cursor, rule: KeyRule, comparison: Comparison): Clause['value'] {
  if (comparison === 'IS NULL' || comparison === 'IS NOT NULL') return null;
  if (comparison === 'IN' || comparison === 'NOT IN') return parseList(cursor);
  if (rule.type === 'number') {
    const found = cursor.take(number);
    if (found === undefined)
      throw cursor.error(`expected a number, found ${cursor.found}`, 'numbers stand without quotes');
    return Number(found);
  }
  const found = cursor.takeQuoted('\'"');
  if (found === undefined)
    throw cursor.error(`expected a text in quotes, found ${cursor.found}`, `such as 'abc'`);
  return found;
}

function parseList(cursor: Cursor): string[] {
  const hint = "a list is written ('a', 'b')";
  if (cursor.take(/\(/y) === undefined) throw cursor.error(`expected a list, found ${cursor.found}`, hint);
  const items: string[] = [];
  for (;;) {
    const item = cursor.takeQuoted('\'"');
    if (item === undefined) throw cursor.error(`expected a text in quotes, found ${cursor.found}`, hint);
    items.push(item);
    if (cursor.take(/\)/y) !== undefined) return items;
    if (cursor.take(/,/y) === undefined)
      throw cursor.error(`expected "," or ")", found ${cursor.found}`, hint);
  }
}
