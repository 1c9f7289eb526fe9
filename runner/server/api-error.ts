import { UserError } from '../../components/core/errors.ts';
import { TrackingError } from '../../records/tracking/errors.ts';

/** MLflow's error codes with the status that its server sends for them. */
const statuses = {
  INVALID_PARAMETER_VALUE: 400,
  BAD_REQUEST: 400,
  RESOURCE_ALREADY_EXISTS: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  RESOURCE_DOES_NOT_EXIST: 404,
  ENDPOINT_NOT_FOUND: 404,
  REQUEST_TOO_LARGE: 413,
  INVALID_STATE: 500,
  INTERNAL_ERROR: 500,
  NOT_IMPLEMENTED: 501,
} as const;

export type ApiErrorCode = keyof typeof statuses;

/** A request that is answered with an error, in MLflow's form. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly code: ApiErrorCode,
    message: string,
  ) {
    super(message);
  }

  get status(): number {
    return statuses[this.code];
  }

  get body(): { error_code: string; message: string } {
    return { error_code: this.code, message: this.message };
  }
}

/** What of an error the client is told. Our own faults are told without their inside. */
export function apiErrorOf(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof TrackingError) {
    // MLflow answers 500 here, on which its client repeats the call for minutes.
    const code = error.code === 'INVALID_STATE' ? 'INVALID_PARAMETER_VALUE' : error.code;
    return new ApiError(code, error.message);
  }
  if (error instanceof UserError) return new ApiError('INVALID_PARAMETER_VALUE', error.message);
  return new ApiError('INTERNAL_ERROR', 'the server failed; its log says more');
}

export const badRequest = (message: string): ApiError => new ApiError('INVALID_PARAMETER_VALUE', message);
