/** What is wrong in a template. */
export class TemplateFailure extends Error {
  constructor(
    problem: string,
    readonly hint?: string,
    /** Offset in the template; the one who knows it fills it in. */
    public at?: number,
    /** Set where the fault is that this variable is undefined. */
    readonly variable?: string,
  ) {
    super(problem);
  }
}
