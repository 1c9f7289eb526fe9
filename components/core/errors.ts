/** Where in a config a value stands: `['task', 'record', 2, 'class']`. */
export type KeyPath = readonly (string | number)[];

/** `task.record.2.class`, the form that messages use. */
export function formatKeyPath(path: KeyPath): string {
  return path.join('.');
}

export interface UserErrorOptions extends ErrorOptions {
  /** What would be right: what is allowed, the nearest match, the fix. */
  readonly hint?: string;
  /** Key path of the value at fault, relative to the config of the component that throws. */
  readonly path?: KeyPath;
}

/**
 * The user's input is wrong: printed without a stack. Any other error is ours, printed with `--debug` advice.
 * A component throws it with a path relative to its own config; whoever built the component prepends the place
 * (`within`), and the runner turns the path into `file:line:column`.
 */
export class UserError extends Error {
  override readonly name: string = 'UserError';
  readonly problem: string;
  readonly hint: string | undefined;
  readonly path: KeyPath;

  constructor(problem: string, { hint, path = [], cause }: UserErrorOptions = {}) {
    super(hint ? `${problem}\n  ${hint}` : problem, cause === undefined ? undefined : { cause });
    this.problem = problem;
    this.hint = hint;
    this.path = path;
  }

  /** The same error seen from one level further out. */
  within(prefix: KeyPath): UserError {
    const { problem, hint, cause } = this;
    return new UserError(problem, {
      hint,
      cause,
      path: [...prefix, ...this.path],
    });
  }
}

/** Several mistakes told at once. */
export class UserErrors extends Error {
  override readonly name: string = 'UserErrors';
  constructor(readonly errors: readonly UserError[]) {
    super(errors.map((e) => e.message).join('\n'));
  }
}
