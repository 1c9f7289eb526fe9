import { shortSchema } from './initial-account.ts';
import { limitsSchema } from './read-limits.ts';

const date = { date: true };
const expression = { type: 'string', expression: true };
const rate = { type: 'number', minimum: 0, exclusiveMaximum: 1 };
const pairOf = (items: unknown) => ({ type: 'array', items, minItems: 2, maxItems: 2 });
const volumeLimit = {
  type: 'array',
  prefixItems: [{ enum: ['cum', 'current'] }, expression],
  items: false,
  minItems: 2,
  maxItems: 2,
};

const exchangeProperties = {
  freq: { type: 'string', pattern: '^\\d*(day|d|minute|min)$' },
  start_time: { anyOf: [date, { type: 'null' }] },
  end_time: { anyOf: [date, { type: 'null' }] },
  codes: {
    description: 'instruments that can be traded: a market, a list of names, or {market, filter_pipe}',
    anyOf: [
      { type: 'string', minLength: 1 },
      { type: 'array', items: { type: 'string', minLength: 1 } },
      { type: 'object', required: ['market'] },
      { type: 'null' },
    ],
  },
  deal_price: {
    anyOf: [{ type: 'string', minLength: 1 }, pairOf({ type: 'string', minLength: 1 }), { type: 'null' }],
  },
  subscribe_fields: { type: 'array', items: expression },
  limit_threshold: { anyOf: [{ type: 'number', minimum: 0 }, pairOf(expression), { type: 'null' }] },
  volume_threshold: {
    anyOf: [
      volumeLimit,
      {
        type: 'object',
        properties: { all: volumeLimit, buy: volumeLimit, sell: volumeLimit },
        additionalProperties: false,
      },
      { type: 'null' },
    ],
  },
  open_cost: rate,
  close_cost: rate,
  min_cost: { type: 'number', minimum: 0 },
  impact_cost: { type: 'number', minimum: 0 },
  trade_unit: { anyOf: [{ type: 'number', exclusiveMinimum: 0 }, { type: 'null' }] },
  extra_quote: {
    description: 'quotes of further instruments: a file (.csv, .pkl, .parquet) by (instrument, datetime)',
  },
  quote_cls: { description: 'NumpyQuote or PandasQuote: they give the same answers' },
  strict: { type: ['boolean', 'null'], description: 'stricter than qlib: see the README' },
} as const;

/** JSON schema of `exchange_kwargs`. */
export const exchangeSchema = {
  type: ['object', 'null'],
  properties: {
    ...exchangeProperties,
    exchange: {
      type: ['object', 'null'],
      description: 'an exchange by class, whose kwargs are then all that counts',
      properties: {
        class: { type: 'string' },
        module_path: { type: ['string', 'null'] },
        kwargs: {
          type: ['object', 'null'],
          properties: exchangeProperties,
          additionalProperties: false,
        },
      },
      required: ['class'],
      additionalProperties: false,
    },
  },
  additionalProperties: false,
} as const;

/** JSON schema of `config.backtest` of PortAnaRecord. */
export const backtestSchema = {
  type: 'object',
  properties: {
    start_time: { anyOf: [date, { type: 'null' }] },
    end_time: { anyOf: [date, { type: 'null' }] },
    account: {
      anyOf: [
        { type: 'number', exclusiveMinimum: 0 },
        {
          type: 'object',
          properties: { cash: { type: 'number', minimum: 0 } },
          required: ['cash'],
          additionalProperties: {
            anyOf: [
              { type: 'number' },
              {
                type: 'object',
                properties: {
                  amount: { type: 'number' },
                  price: { type: ['number', 'null'], minimum: 0 },
                },
                required: ['amount'],
                additionalProperties: false,
              },
            ],
          },
        },
      ],
    },
    benchmark: {
      description: 'an instrument, several, a market, or false for none; null, as in qlib: SH000300',
      anyOf: [
        { type: 'string', minLength: 1 },
        { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1 },
        { type: 'object', minProperties: 1 },
        { enum: [false, null] },
      ],
    },
    exchange_kwargs: exchangeSchema,
    strict: {
      type: 'boolean',
      description: 'stricter than qlib, for exchange and strategies: see the README',
    },
    pos_type: { enum: ['Position', 'InfPosition', 'SignedPosition'] },
    short_selling: shortSchema,
    limits: limitsSchema,
  },
  additionalProperties: false,
} as const;
