import { UserError } from '../core/errors.ts';
import type { Definition } from '../core/registry.ts';
import { mapMatrix } from './matrix.ts';
import {
  type Observations,
  prepareObservations,
  type RiskModelOptions,
  riskModelProperties,
} from './observations.ts';
import { sampleCovariance } from './sample-covariance.ts';
import { ledoitWolf, oracleApproximating, type ShrinkTarget } from './shrink-intensity.ts';
import { shrinkTarget } from './shrink-target.ts';
import type { DenseMatrix, RiskModel } from './types.ts';

export interface ShrinkOptions extends RiskModelOptions {
  /** Weight of the target, in [0, 1], or how it is estimated: `lw` (Ledoit and Wolf), `oas`. Default 0. */
  readonly alpha?: number | 'lw' | 'oas';
  /** `const_var`, `const_corr`, `single_factor`, or a matrix. Default const_var. */
  readonly target?: ShrinkTarget | readonly (readonly number[])[];
}

/** (1 - alpha) S + alpha F: the sample covariance S drawn towards a target F (qlib `ShrinkCovEstimator`, which names the papers). */
function shrink(observations: Observations, { alpha = 0, target = 'const_var' }: ShrinkOptions): DenseMatrix {
  const sample = sampleCovariance(observations);
  const goal =
    typeof target === 'string' ? shrinkTarget(target, observations, sample) : given(target, sample.rows);
  const weight = weightOf(alpha, target, observations, sample, goal);
  return weight > 0
    ? mapMatrix(sample, (s, i, j) => (1 - weight) * s + weight * goal.values[i * goal.columns + j]!)
    : sample;
}

function weightOf(
  alpha: number | 'lw' | 'oas',
  target: ShrinkOptions['target'],
  observations: Observations,
  sample: DenseMatrix,
  goal: DenseMatrix,
): number {
  if (typeof alpha === 'number') return alpha;
  if (alpha === 'oas') return oracleApproximating(observations.x, sample);
  return ledoitWolf(target as ShrinkTarget, observations, sample, goal);
}

function given(target: readonly (readonly number[])[], size: number): DenseMatrix {
  if (target.length !== size || target.some((row) => row.length !== size))
    throw new UserError(`the target has ${target.length} rows for ${size} variables`, { path: ['target'] });
  return { rows: size, columns: size, values: Float64Array.from(target.flat()) };
}

export const ShrinkCovEstimator: Definition<RiskModel, ShrinkOptions> = {
  name: 'ShrinkCovEstimator',
  schema: {
    type: 'object',
    properties: {
      ...riskModelProperties,
      alpha: { anyOf: [{ type: 'number', minimum: 0, maximum: 1 }, { enum: ['lw', 'oas'] }] },
      target: {
        anyOf: [
          { enum: ['const_var', 'const_corr', 'single_factor'] },
          { type: 'array', items: { type: 'array', items: { type: 'number' } } },
        ],
      },
    },
    additionalProperties: false,
  },
  check({ alpha = 0, target = 'const_var' }) {
    if (alpha === 'oas' && target !== 'const_var')
      throw new UserError('alpha: oas is known for target: const_var only', { path: ['alpha'] });
    if (alpha === 'lw' && typeof target !== 'string')
      throw new UserError('alpha: lw needs one of the targets by name', {
        hint: 'const_var, const_corr and single_factor are allowed',
        path: ['alpha'],
      });
  },
  create: (options) => ({
    covariance: (data, request) => shrink(prepareObservations(data, options, request), options),
  }),
};
