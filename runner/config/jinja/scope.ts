import type { Value } from './values.ts';

/** Names and their values, those of outer scopes included. */
export class Scope {
  readonly #own = new Map<string, Value>();

  constructor(private readonly outer?: Scope) {}

  find(name: string): Value | undefined {
    return this.#own.get(name) ?? this.outer?.find(name);
  }

  set(name: string, value: Value): void {
    this.#own.set(name, value);
  }
}
