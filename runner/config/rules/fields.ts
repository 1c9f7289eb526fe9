import { type KeyPath, UserError } from '../../../components/core/errors.ts';
import { nearest } from '../../../components/core/nearest.ts';
import type { DataProvider } from '../../../components/data/provider.ts';
import type { FoundExpression } from '../check-component.ts';
import type { DataScene, Rule } from './scene.ts';
import { valueAt } from './walk.ts';

type Findings = Parameters<Rule>[1];

/** The names of all fields that any instrument has, read as far as they are asked for. */
class FieldNames {
  readonly #known = new Set<string>();
  #rest: string[] | undefined;

  constructor(readonly data: DataProvider) {}

  async has(field: string): Promise<boolean> {
    const name = field.toLowerCase();
    this.#rest ??= await instrumentsOf(this.data);
    while (!this.#known.has(name)) {
      const next = this.#rest.shift();
      if (next === undefined) return false;
      for (const found of await this.data.fields(next)) this.#known.add(found.toLowerCase());
    }
    return true;
  }

  unknown(field: string, path: KeyPath): UserError {
    const known = [...this.#known].sort();
    if (known.length === 0)
      return new UserError(
        `no instrument has any field: ${this.data.folder}/features has no bins of those in the market files`,
        {
          hint: 'do market files and features belong together?',
          path,
        },
      );
    const near = nearest(field, known);
    return new UserError(`unknown field "${field.slice(0, 200)}": no instrument has it`, {
      hint: `${near ? `did you mean "${near}"? ` : ''}known fields: ${known.slice(0, 40).join(', ')}`,
      path,
    });
  }
}

async function instrumentsOf(data: DataProvider): Promise<string[]> {
  const markets = await data.markets();
  const market = markets.includes('all') ? 'all' : markets[0];
  return market === undefined ? [] : [...(await data.instruments(market)).keys()];
}

/** Fields that expressions read. */
export async function checkFields(
  { data }: DataScene,
  { errors }: Findings,
  expressions: readonly FoundExpression[],
): Promise<void> {
  if (expressions.length === 0) return;
  const { parseExpression } = await import('../../../components/data/expression/parse.ts');
  const { fieldsOf } = await import('../../../components/data/expression/tree.ts');
  const names = new FieldNames(data);
  for (const { text, path } of expressions) {
    const fields = parsed(() => fieldsOf(parseExpression(text, data.operators))) ?? [];
    for (const field of fields) if (!(await names.has(field))) errors.push(names.unknown(field, path));
  }
}

/** Undefined for what does not parse: that has been told. */
function parsed<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** `deal_price` of a backtest: a field, or one to buy and one to sell at. */
export async function checkPrices({ data, records }: DataScene, { errors }: Findings): Promise<void> {
  const names = new FieldNames(data);
  for (const { kwargs, kwargsPath } of records) {
    const path = ['config', 'backtest', 'exchange_kwargs', 'deal_price'];
    const given = valueAt(kwargs, path);
    for (const price of Array.isArray(given) ? given : [given]) {
      if (typeof price !== 'string' || !/^\$?\w+$/.test(price)) continue;
      const field = price.replace(/^\$/, '');
      if (!(await names.has(field))) errors.push(names.unknown(field, [...kwargsPath, ...path]));
    }
  }
}
