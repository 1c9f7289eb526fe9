import type { ErrorObject } from 'ajv';

/** A value that none of several alternatives accepts as it stands. */
export class Union {
  constructor(
    readonly instancePath: string,
    readonly data: unknown,
    /** One error of each alternative. */
    readonly alternatives: readonly ErrorObject[],
    readonly parentSchema: ErrorObject['parentSchema'],
  ) {}
}
