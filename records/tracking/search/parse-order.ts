import { nearest } from '../../../components/core/nearest.ts';
import { Cursor } from './cursor.ts';
import type { Grammar, Order } from './grammar.ts';
import { parseKey } from './parse-key.ts';

/** `metrics.IC DESC`, `attributes.start_time`, ``params.`a b` asc``. @throws TrackingError that points at the character. */
export function parseOrder(text: string, grammar: Grammar): Order {
  const cursor = new Cursor(text, 'order_by');
  const { key, at } = parseKey(cursor, grammar);
  if (!grammar.sortableEntities.has(key.entity))
    throw cursor.error(
      `cannot order by ${key.entity}`,
      `allowed: ${[...grammar.sortableEntities].join(', ')}`,
      at,
    );
  let name = key.name;
  if (key.entity === 'attribute') {
    const known = grammar.sortableAttributes.get(name);
    if (known === undefined) {
      const names = [...grammar.sortableAttributes.keys()];
      const near = nearest(name, names);
      throw cursor.error(
        `unknown attribute "${name}"`,
        `${near ? `did you mean "${near}"? ` : ''}allowed: ${names.join(', ')}`,
        at,
      );
    }
    name = known;
  }
  const direction = cursor.take(/(?:ASC|DESC)\b/iy);
  if (!cursor.ended) throw cursor.error(`expected ASC, DESC or the end, found ${cursor.found}`);
  return { key: { entity: key.entity, name }, ascending: direction?.toUpperCase() !== 'DESC' };
}
