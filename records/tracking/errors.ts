import { UserError, type UserErrorOptions } from '../../components/core/errors.ts';

/** MLflow's error codes, as far as stores give them; servers answer with them. */
export type TrackingErrorCode =
  | 'RESOURCE_DOES_NOT_EXIST'
  | 'RESOURCE_ALREADY_EXISTS'
  | 'INVALID_PARAMETER_VALUE'
  | 'INVALID_STATE';

/** A request that a store refuses. */
export class TrackingError extends UserError {
  override readonly name = 'TrackingError';
  constructor(
    readonly code: TrackingErrorCode,
    problem: string,
    options: UserErrorOptions = {},
  ) {
    super(problem, options);
  }
}

export function notFound(problem: string, hint?: string): TrackingError {
  return new TrackingError('RESOURCE_DOES_NOT_EXIST', problem, hint === undefined ? {} : { hint });
}

export function invalid(problem: string, hint?: string): TrackingError {
  return new TrackingError('INVALID_PARAMETER_VALUE', problem, hint === undefined ? {} : { hint });
}

export function isNotFound(error: unknown): error is TrackingError {
  return error instanceof TrackingError && error.code === 'RESOURCE_DOES_NOT_EXIST';
}
