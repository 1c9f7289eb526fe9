import { type KeyPath, UserError } from '../core/errors.ts';
import { type Operators, parseExpression } from '../data/expression/parse.ts';
import type { Tree } from '../data/expression/tree.ts';

/** Fields that only the end of a bar tells. */
const knownAtClose = new Set(['close', 'high', 'low', 'volume', 'change', 'vwap', 'amount']);

/**
 * Names of the fields of a bar, sorted, that an expression reads and that are not known yet when an order of that bar is dealt at `price`. At a
 * price made of `$close` everything is known; else fields of earlier bars (`Ref($close, 1)`), those in the price itself, and what the
 * opening tells.
 */
export function unknownAtDeal(expression: string, price: string, operators?: Operators): string[] {
  const atDeal = sameBarFields(parseExpression(price, operators));
  if (atDeal.has('close')) return [];
  const read = sameBarFields(parseExpression(expression, operators));
  return [...read].filter((name) => knownAtClose.has(name) && !atDeal.has(name)).sort();
}

/** @throws UserError where a limit's expression looks at what is not known at the deal price */
export function checkKnownAtDeal(
  expression: string,
  price: string,
  path: KeyPath,
  operators?: Operators,
): void {
  const unknown = unknownAtDeal(expression, price, operators);
  if (unknown.length === 0) return;
  const fields = unknown.map((name) => `$${name}`).join(', ');
  throw new UserError(
    `limit_threshold "${expression}" looks at ${fields}, not known yet at the deal price ${price}`,
    {
      hint: `with strict: true a limit may use ${price} and earlier bars, such as Ref($close, 1)`,
      path,
    },
  );
}

/** Fields that a tree reads of the bar itself or of later ones. `Ref` with a whole number looks back; other operators reach the bar. */
function sameBarFields(tree: Tree, back = 0, found: Set<string> = new Set()): Set<string> {
  if (tree.kind === 'field' && back <= 0) found.add(tree.name);
  if (tree.kind !== 'call') return found;
  const [first, second] = tree.args;
  if (tree.operator.name === 'Ref' && first && second?.kind === 'literal') {
    const { value } = second;
    const shift = value.type === 'int' || value.type === 'float' ? value.value : 0;
    return sameBarFields(first, back + (shift === 0 ? 1 : shift), found); // Ref(x, 0) is the first of all
  }
  for (const arg of tree.args) sameBarFields(arg, back, found);
  return found;
}
