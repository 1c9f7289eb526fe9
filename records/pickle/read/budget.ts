import { UserError } from '../../../components/core/errors.ts';

/** What reading a pickle may cost. */
export interface PickleLimits {
  /** Bytes of memory that the values read may take, roughly counted; arrays that are views of the file are free. */
  readonly memory: number;
}

/** 512 MB, and four times the file where that is large. */
export function defaultLimits(fileBytes: number): PickleLimits {
  return { memory: 536_870_912 + 4 * fileBytes };
}

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
