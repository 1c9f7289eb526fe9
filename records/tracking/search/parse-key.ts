import { nearest } from '../../../components/core/nearest.ts';
import type { Cursor } from './cursor.ts';
import type { Grammar, Key } from './grammar.ts';

const word = /[\p{L}_][\p{L}\p{N}_]*/uy;
const bareName = /[\p{L}\p{N}_][\p{L}\p{N}_.:/-]*/uy;

/**
 * `metrics.loss`, `params."a b"`, `` tags.`mlflow.note` ``, `start_time`. Without an entity it is an attribute. A bare name may have dots:
 * only the first one parts entity and name.
 */
export function parseKey(cursor: Cursor, grammar: Grammar): { key: Key; at: number } {
  cursor.skip();
  const at = cursor.at;
  const quoted = cursor.takeQuoted('"`');
  if (quoted !== undefined) return { key: { entity: 'attribute', name: quoted }, at };
  const first = cursor.take(word);
  if (first === undefined)
    throw cursor.error(
      `expected a key, found ${cursor.found}`,
      'such as metrics.IC, params."a b" or attributes.status',
    );
  if (cursor.takeHere(/\./y) === undefined) return { key: { entity: 'attribute', name: first }, at };
  const entity = grammar.entities.get(first);
  if (!entity) {
    const known = [...grammar.entities.keys()];
    const near = nearest(first, known);
    throw cursor.error(
      `unknown entity "${first}"`,
      `${near ? `did you mean "${near}"? ` : ''}allowed: ${known.join(', ')}`,
      at,
    );
  }
  const name =
    cursor.takeHere(bareName) ??
    (/["`]/.test(cursor.text[cursor.at] ?? '') ? cursor.takeQuoted('"`') : undefined);
  if (name === undefined || name === '')
    throw cursor.error(
      `expected a name behind "${first}.", found ${cursor.found}`,
      'names with other characters stand in "..." or `...`',
    );
  return { key: { entity, name }, at };
}
