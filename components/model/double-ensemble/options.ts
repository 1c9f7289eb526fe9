import { UserError } from '../../core/errors.ts';

/** qlib's own arguments; everything else is a LightGBM parameter under any of its names. */
export interface DoubleEnsembleOptions extends Readonly<Record<string, unknown>> {
  readonly base_model?: 'gbm';
  readonly loss?: 'mse';
  readonly num_models?: number;
  readonly enable_sr?: boolean;
  readonly enable_fs?: boolean;
  readonly alpha1?: number;
  readonly alpha2?: number;
  readonly bins_sr?: number;
  readonly bins_fs?: number;
  readonly decay?: number | null;
  readonly sample_ratios?: readonly number[] | null;
  readonly sub_weights?: readonly number[] | null;
  readonly epochs?: number;
  readonly early_stopping_rounds?: number | null;
}

/** Arguments with qlib's defaults, and what LightGBM gets. @throws UserError for lists of the wrong length and a missing decay. */
export function resolveOptions(options: DoubleEnsembleOptions) {
  const {
    base_model: _,
    loss = 'mse',
    num_models = 6,
    enable_sr = true,
    enable_fs = true,
    alpha1 = 1,
    alpha2 = 1,
    bins_sr = 10,
    bins_fs = 5,
    decay = null,
    sample_ratios,
    sub_weights,
    epochs = 100,
    early_stopping_rounds,
    ...lightgbm
  } = options;
  const ratios = sample_ratios ?? [0.8, 0.7, 0.6, 0.5, 0.4];
  const weights = sub_weights ?? new Array<number>(num_models).fill(1);
  if (ratios.length !== bins_fs) throw wrongLength('sample_ratios', ratios.length, 'bins_fs', bins_fs);
  if (weights.length !== num_models)
    throw wrongLength('sub_weights', weights.length, 'num_models', num_models);
  if (enable_sr && decay === null && num_models > 1)
    throw new UserError('decay is missing', {
      hint: 'sample reweighting needs it (the benchmark has 0.5), or give enable_sr: false',
      path: ['decay'],
    });
  return {
    models: num_models,
    reweights: enable_sr,
    selects: enable_fs,
    sampleRules: { alpha1, alpha2, bins: bins_sr, decay: decay ?? 1 },
    ratios,
    weights,
    epochs,
    earlyStopping: early_stopping_rounds ? { rounds: early_stopping_rounds } : null,
    lightgbm: { objective: loss, ...lightgbm },
  };
}

function wrongLength(name: string, length: number, of: string, expected: number): UserError {
  return new UserError(`${name} has ${length} numbers, ${of} is ${expected}`, {
    hint: 'they must be equal',
    path: [name],
  });
}

const share = { type: 'number', exclusiveMinimum: 0, maximum: 1 };

export const optionsSchema = {
  type: 'object',
  properties: {
    base_model: { enum: ['gbm'] },
    loss: { enum: ['mse'] },
    num_models: { type: 'integer', minimum: 1 },
    enable_sr: { type: 'boolean' },
    enable_fs: { type: 'boolean' },
    alpha1: { type: 'number' },
    alpha2: { type: 'number' },
    bins_sr: { type: 'integer', minimum: 1 },
    bins_fs: { type: 'integer', minimum: 1 },
    decay: { type: ['number', 'null'] },
    sample_ratios: { type: ['array', 'null'], items: share },
    sub_weights: { type: ['array', 'null'], items: { type: 'number' } },
    epochs: { type: 'integer', minimum: 1 },
    early_stopping_rounds: { type: ['integer', 'null'] },
  },
};
