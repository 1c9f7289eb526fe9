import type { Schema } from '../../components/core/registry.ts';

const positiveInt: Schema = { type: 'integer', minimum: 1 };
const text: Schema = { type: 'string', minLength: 1 };
const goal: Schema = { enum: ['maximize', 'minimize'] };

/** W&B's names: `log_uniform` takes exponents of e, `log_uniform_values` the values themselves. */
export const distributions = [
  'constant',
  'categorical',
  'categorical_w_probabilities',
  'int_uniform',
  'uniform',
  'q_uniform',
  'log_uniform',
  'log_uniform_values',
  'q_log_uniform',
  'q_log_uniform_values',
  'inv_log_uniform',
  'inv_log_uniform_values',
  'normal',
  'q_normal',
  'log_normal',
  'q_log_normal',
] as const;

export const parameterSchema: Schema = {
  type: 'object',
  properties: {
    value: {},
    values: { type: 'array', minItems: 1 },
    probabilities: { type: 'array', items: { type: 'number', minimum: 0 } },
    distribution: { enum: distributions },
    min: { type: 'number' },
    max: { type: 'number' },
    mu: { type: 'number' },
    sigma: { type: 'number', exclusiveMinimum: 0 },
    q: { type: 'number', exclusiveMinimum: 0 },
    step: { type: 'number', exclusiveMinimum: 0 },
    when: {
      type: 'object',
      description: 'other parameters with the value, or list of values, that they must have',
    },
  },
  additionalProperties: false,
};

/** The outer shape of a sweep file: W&B's keys and a few of our own. Parameters are looked at one by one. */
export const sweepSchema: Schema = {
  type: 'object',
  properties: {
    base: { ...text, description: 'the workflow file, relative to the sweep file' },
    name: text,
    description: { type: 'string' },
    experiment_name: text,
    method: { enum: ['grid', 'random', 'bayes', 'list'] },
    metric: {
      type: 'object',
      properties: { name: text, goal, target: { type: 'number' } },
      required: ['name'],
      additionalProperties: false,
    },
    parameters: { type: 'object', description: 'by key path in the workflow, or nested' },
    overrides: {
      type: 'array',
      description: 'points of method list: mappings of key path to value, or lists of key.path=value',
      items: { anyOf: [{ type: 'object' }, { type: 'array', items: text }, text] },
    },
    always: { type: 'array', items: text, description: 'overrides of every run: key.path=value' },
    run_cap: positiveInt,
    runs: positiveInt,
    budget: {
      type: 'object',
      properties: { runs: positiveInt, time: { anyOf: [text, { type: 'number', exclusiveMinimum: 0 }] } },
      additionalProperties: false,
    },
    seed: { type: 'integer' },
    startup: { ...positiveInt, description: 'random points before bayes models what it has seen' },
    parallel: positiveInt,
    retries: { type: 'integer', minimum: 0 },
    early_terminate: {
      type: 'object',
      properties: {
        type: { enum: ['hyperband', 'median'] },
        metric: {
          type: 'object',
          properties: { name: text, goal },
          required: ['name'],
          additionalProperties: false,
        },
        min_iter: positiveInt,
        max_iter: positiveInt,
        s: positiveInt,
        eta: { type: 'number', exclusiveMinimum: 1 },
        strict: { type: 'boolean' },
        min_runs: positiveInt,
      },
      required: ['type'],
      additionalProperties: false,
    },
    repeats: {
      anyOf: [
        positiveInt,
        {
          type: 'object',
          properties: { key: text, seeds: { type: 'array', minItems: 1, items: { type: 'integer' } } },
          required: ['seeds'],
          additionalProperties: false,
        },
      ],
    },
    walk_forward: {
      type: 'object',
      properties: { kind: { enum: ['rolling', 'expanding'] }, step: positiveInt, folds: positiveInt },
      required: ['step'],
      additionalProperties: false,
    },
    holdout: {
      type: 'object',
      properties: { start: { ...text, date: true }, end: { ...text, date: true } },
      required: ['start', 'end'],
      additionalProperties: false,
    },
    // W&B's, without meaning here
    program: {},
    command: {},
    project: {},
    entity: {},
    controller: {},
    imageuri: {},
    job: {},
  },
  additionalProperties: false,
};

export const ignoredKeys = [
  'program',
  'command',
  'project',
  'entity',
  'controller',
  'imageuri',
  'job',
] as const;
