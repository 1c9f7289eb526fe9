import type { Resolved, ResolveOptions } from './types.ts';

/** True for `{class, ...}`, `{func, ...}` and strings: what names a component; false for a ready object. */
export function isSpec(_value: unknown): boolean {
  throw new Error('under construction');
}

/** Finds what a class config names and checks its kwargs. @throws UserError with a path relative to `spec`. */
export async function resolveComponent(
  _kind: string,
  _spec: unknown,
  _options: ResolveOptions,
): Promise<Resolved> {
  throw new Error('under construction');
}
