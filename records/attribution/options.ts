import { UserError } from '../../components/core/errors.ts';

export interface AttributionOptions {
  /** Expression whose value is the group, `$industry`, or what bins are made of, `$market_value`. */
  readonly group_field?: string | null;
  /** Groups by instrument, or a CSV file with the columns instrument and group. */
  readonly groups?: Readonly<Record<string, string | number>> | string | null;
  readonly group_method?: 'category' | 'bins';
  readonly group_n?: number | null;
  /** Market whose members are the benchmark. */
  readonly bench?: string;
  /** Expression of the members' weights before they are made to sum up to 1; equal ones by default. */
  readonly bench_weight?: string | null;
  /** Instead of a market's members: a file of an index's weights, see readIndexWeights; `bench` then names the index in it. */
  readonly bench_weights?: string | null;
  readonly deal_price?: string;
  readonly freq?: string;
}

export const attributionSchema = {
  type: 'object',
  properties: {
    group_field: {
      type: ['string', 'null'],
      description: 'expression of the group, or of what bins are made of',
    },
    groups: {
      description: 'group by instrument, or a CSV file with the columns instrument and group',
      anyOf: [
        { type: 'object', additionalProperties: { type: ['string', 'number'] } },
        { type: ['string', 'null'] },
      ],
    },
    group_method: { enum: ['category', 'bins'] },
    group_n: { type: ['integer', 'null'], minimum: 2, description: 'number of bins' },
    bench: { type: 'string', minLength: 1, description: 'market whose members are the benchmark' },
    bench_weight: { type: ['string', 'null'], description: 'expression of their weights; default: equal' },
    bench_weights: {
      type: ['string', 'null'],
      description: 'a .csv file with columns code, date, weight and index: bench names the index',
    },
    deal_price: { type: 'string', minLength: 1, description: 'price whose returns are attributed' },
    freq: { type: 'string', minLength: 1 },
  },
  additionalProperties: false,
} as const;

/** What a schema can't say. */
export function checkAttribution(options: AttributionOptions): void {
  const { group_field, groups, group_method, group_n, bench_weight, bench_weights } = options;
  if (bench_weight && bench_weights)
    throw new UserError('both bench_weight and bench_weights are given', {
      hint: 'bench_weight is an expression of the data, bench_weights a file',
      path: ['bench_weights'],
    });
  if (Boolean(group_field) === Boolean(groups))
    throw new UserError(
      group_field ? 'both group_field and groups are given' : 'neither group_field nor groups is given',
      {
        hint: 'group_field: $industry takes groups from the data, groups: {SH600000: banks} or a CSV file names them',
      },
    );
  if (group_method === 'bins' && !group_field)
    throw new UserError('bins are made of a field', { hint: 'give group_field', path: ['group_method'] });
  if (group_method === 'bins' && !group_n)
    throw new UserError('group_n is missing', { hint: 'the number of bins', path: ['group_n'] });
}

/** `close` is `$close`. */
export function fieldExpression(given: string): string {
  return given.startsWith('$') || given.includes('(') ? given : `$${given}`;
}
