import { type KeyPath, UserError } from '../../../components/core/errors.ts';
import { nearest } from '../../../components/core/nearest.ts';
import type { DataProvider } from '../../../components/data/provider.ts';
import type { FoundExpression } from '../check-component.ts';
import type { DataScene, Rule } from './scene.ts';
import { valueAt } from './walk.ts';

type Findings = Parameters<Rule>[1];

/** Fields that qlib's own data have: qlib runs without them, so a workflow that names one is not taken for mistyped. */
const usual = new Set(['open', 'close', 'high', 'low', 'vwap', 'volume', 'factor', 'change']);

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

  /** Files a field that no instrument has: `meaning` is what is done without it, where it is a usual one. */
  report(field: string, meaning: string, path: KeyPath, { errors, warnings }: Findings): void {
    if (this.#known.size > 0 && usual.has(field.toLowerCase()))
      warnings.push(new UserError(`the data have no field "${field}": ${meaning}`, { path }));
    else errors.push(this.#unknown(field, path));
  }

  #unknown(field: string, path: KeyPath): UserError {
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

/** Fields that expressions read. qlib reads NaN where there is no file, and so do we where it is a field that data often lack. */
export async function checkFields(
  { data }: DataScene,
  findings: Findings,
  expressions: readonly FoundExpression[],
): Promise<void> {
  if (expressions.length === 0) return;
  const { parseExpression } = await import('../../../components/data/expression/parse.ts');
  const { fieldsOf } = await import('../../../components/data/expression/tree.ts');
  const names = new FieldNames(data);
  for (const { text, path } of expressions) {
    const fields = parsed(() => fieldsOf(parseExpression(text, data.operators))) ?? [];
    for (const field of fields)
      if (!(await names.has(field))) names.report(field, 'it is NaN on every day', path, findings);
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

/** `deal_price` of a backtest: a field, or one to buy and one to sell at. Without it, qlib deals at the close. */
export async function checkPrices({ data, records }: DataScene, findings: Findings): Promise<void> {
  const names = new FieldNames(data);
  for (const { kwargs, kwargsPath } of records) {
    const path = ['config', 'backtest', 'exchange_kwargs', 'deal_price'];
    const given = valueAt(kwargs, path);
    for (const price of Array.isArray(given) ? given : [given]) {
      if (typeof price !== 'string' || !/^\$?\w+$/.test(price)) continue;
      const field = price.replace(/^\$/, '');
      if (await names.has(field)) continue;
      const isStrict = valueAt(kwargs, ['config', 'backtest', 'strict']) === true;
      names.report(
        field,
        `orders are ${isStrict ? 'never dealt' : 'dealt at the close'}`,
        [...kwargsPath, ...path],
        findings,
      );
    }
  }
}
