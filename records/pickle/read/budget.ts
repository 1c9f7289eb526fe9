import { UserError } from '../../../components/core/errors.ts';

/** What reading a pickle may cost. */
export interface PickleLimits {
  /** Bytes of memory that the values read may take, roughly counted; arrays that are views of the file are free. */
  readonly memory: number;
}

export const defaultLimits: PickleLimits = { memory: 1_073_741_824 };

/** Counts memory before it is taken, so that a small file can't ask for much of it. */
export class Budget {
  #left: number;
  constructor(readonly limits: PickleLimits) {
    this.#left = limits.memory;
  }

  charge(bytes: number): void {
    this.#left -= bytes;
    if (!(this.#left >= 0))
      throw new UserError(
        `refused: the pickle needs more than ${Math.round(this.limits.memory / 1e6)} MB of memory`,
        {
          hint: 'raise limits.memory if the file is to be trusted',
        },
      );
  }
}
