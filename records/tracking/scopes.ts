import { AsyncLocalStorage } from 'node:async_hooks';

/** Actives of one asynchronous story; the innermost is last. */
interface Scope<T> {
  readonly stack: T[];
  readonly outer: Scope<T> | undefined;
}

/**
 * What is active now. `run` opens a scope of its own: two callbacks at the same time each see what they started, and what was
 * active outside.
 */
export class Scopes<T> {
  readonly #base: Scope<T> = { stack: [], outer: undefined };
  readonly #storage = new AsyncLocalStorage<Scope<T>>();

  /** The innermost active thing. */
  get active(): T | undefined {
    let scope: Scope<T> | undefined = this.#current;
    while (scope && scope.stack.length === 0) scope = scope.outer;
    return scope?.stack.at(-1);
  }

  push(item: T): void {
    this.#current.stack.push(item);
  }

  /** Takes an item out, wherever it stands in this scope or one outside. */
  remove(item: T): void {
    for (let scope: Scope<T> | undefined = this.#current; scope; scope = scope.outer) {
      const at = scope.stack.lastIndexOf(item);
      if (at >= 0) {
        scope.stack.splice(at, 1);
        return;
      }
    }
  }

  /** What this scope holds itself, the innermost first. */
  get own(): T[] {
    return [...this.#current.stack].reverse();
  }

  /** Runs a callback in a scope of its own. */
  run<R>(callback: () => Promise<R>): Promise<R> {
    return this.#storage.run({ stack: [], outer: this.#current }, callback);
  }

  get #current(): Scope<T> {
    return this.#storage.getStore() ?? this.#base;
  }
}
