import { UserError } from '../../../components/core/errors.ts';
import { PyGlobal } from '../values.ts';
import { Budget, type PickleLimits } from './budget.ts';
import { Cursor } from './cursor.ts';
import type { Known, Reading } from './known.ts';
import { kindOf, Malformed, printable } from './malformed.ts';

/** Rough memory of a slot on the stack or in the memo. */
const slot = 16;

/** The state of the pickle machine: stack, marks, memo, budget. What opcodes do with it stands in `opcode-table.ts`. */
export class Machine implements Reading {
  readonly cursor: Cursor;
  /** Filled in order as a rule; places far off are kept apart. */
  readonly #memo: unknown[] = [];
  readonly #farMemo = new Map<number, unknown>();
  readonly #keys = new Map<object, Map<string, unknown>>();
  readonly #budget: Budget;
  readonly #find: (path: string) => Known | undefined;
  readonly #builders = new Map<object, (state: unknown) => void>();
  #stack: unknown[] = [];
  #marks: number[] = [];
  /** Where the opcode at work begins. */
  opcodeAt = 0;

  constructor(bytes: Uint8Array, limits: PickleLimits, find: (path: string) => Known | undefined) {
    this.cursor = new Cursor(bytes);
    this.#budget = new Budget(limits);
    this.#find = find;
  }

  charge(bytes: number): void {
    this.#budget.charge(bytes);
  }

  onBuild(target: object, apply: (state: unknown) => void): void {
    this.charge(8 * slot);
    this.#builders.set(target, apply);
  }

  push(value: unknown): void {
    this.charge(slot);
    this.#stack.push(value);
  }

  pop(): unknown {
    this.#require(1);
    return this.#stack.pop();
  }

  top(): unknown {
    this.#require(1);
    return this.#stack[this.#stack.length - 1];
  }

  mark(): void {
    this.charge(slot);
    this.#marks.push(this.#stack.length);
  }

  /** What lies above the last mark, taken off the stack. */
  popMark(): unknown[] {
    const from = this.#marks.pop();
    if (from === undefined) throw new Malformed('no mark on the stack');
    return this.#stack.splice(from);
  }

  /** POP takes a mark when one lies on top. */
  drop(): void {
    if (this.#marks[this.#marks.length - 1] === this.#stack.length && this.#marks.length > 0)
      this.#marks.pop();
    else this.pop();
  }

  put(index: number, value: unknown): void {
    this.charge(slot);
    if (index < this.#memo.length) this.#memo[index] = value;
    else if (index === this.#memo.length) this.#memo.push(value);
    else {
      this.charge(4 * slot);
      this.#farMemo.set(index, value);
    }
  }

  /** MEMOIZE: the next place. */
  memoize(value: unknown): void {
    this.put(this.#memo.length + this.#farMemo.size, value);
  }

  get(index: number): unknown {
    if (index < this.#memo.length) return this.#memo[index];
    if (!this.#farMemo.has(index)) throw new Malformed(`nothing was remembered under ${index}`);
    return this.#farMemo.get(index);
  }

  keysOf(owner: object): Map<string, unknown> {
    let keys = this.#keys.get(owner);
    if (!keys) {
      this.charge(16 * slot);
      this.#keys.set(owner, (keys = new Map()));
    }
    return keys;
  }

  /** The value that is left at the end. */
  result(): unknown {
    if (this.#marks.length > 0 || this.#stack.length !== 1)
      throw new Malformed(
        `${this.#stack.length} values and ${this.#marks.length} marks are left at the end, not one value`,
      );
    return this.#stack[0];
  }

  /** Looks a name up; nothing but the allow-list is ever reached. */
  global(module: string, name: string): unknown {
    const known = this.#find(`${module}.${name}`);
    if (!known) {
      // what a function that waits on the stack would have been called with tells what the file is up to
      const caller = this.#stack.findLast(
        (value) => value instanceof PyGlobal && value.module === 'builtins',
      );
      const role = caller instanceof PyGlobal ? `, for ${printable(caller.path)},` : '';
      throw this.refused(`global ${printable(module)}.${printable(name)}${role}`);
    }
    this.charge(4 * slot);
    return known.value ? known.value() : new PyGlobal(module, name);
  }

  call(callable: unknown, args: readonly unknown[]): unknown {
    const { known, path } = this.#knownOf(callable, 'call');
    if (!known.call) throw this.refused(`call of ${path}`);
    this.charge(16 * slot);
    return known.call(args, this);
  }

  create(callable: unknown, args: readonly unknown[]): unknown {
    const { known, path } = this.#knownOf(callable, 'make an instance of');
    if (!known.create) throw this.refused(`instance of ${path}`);
    this.charge(32 * slot);
    return known.create(args, this);
  }

  instance(cls: PyGlobal): unknown {
    return this.create(cls, []);
  }

  build(target: unknown, state: unknown): void {
    const apply = typeof target === 'object' && target !== null ? this.#builders.get(target) : undefined;
    if (!apply) throw new Malformed(`${kindOf(target)} takes no state`);
    apply(state);
  }

  refused(what: string): UserError {
    return new UserError(`refused: ${what} at byte ${this.opcodeAt}`, {
      hint: 'a pickle may name any Python function; only plain values, numpy arrays, pandas tables and qlib objects (as data) are read, and nothing is run',
    });
  }

  #knownOf(callable: unknown, verb: string): { known: Known; path: string } {
    if (!(callable instanceof PyGlobal)) throw new Malformed(`can't ${verb} ${kindOf(callable)}`);
    const known = this.#find(callable.path);
    if (!known) throw this.refused(`global ${printable(callable.path)}`);
    return { known, path: printable(callable.path) };
  }

  #require(count: number): void {
    const floor = this.#marks[this.#marks.length - 1] ?? 0;
    if (this.#stack.length - floor < count) throw new Malformed('the stack is empty');
  }
}
