/** What Python's str() prints for a value of `Workflow.python`. */
export function pythonText(_value: unknown): string {
  throw new Error('under construction');
}
