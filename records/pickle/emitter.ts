import { op } from './opcodes.ts';
import { PickleOutput } from './output.ts';

const encoder = new TextEncoder();

/** Writes Python objects as opcodes and remembers what was written: strings, globals and containers are written once. */
export class Emitter {
  readonly #out = new PickleOutput();
  readonly #texts = new Map<string, number>();
  #objects = new Map<object, number>();
  readonly #writeValue: (emit: Emitter, value: unknown) => void;
  #memoized = 0;
  /** Nesting of `value` calls. */
  depth = 0;

  constructor(writeValue: (emit: Emitter, value: unknown) => void) {
    this.#writeValue = writeValue;
  }

  value(value: unknown): void {
    this.depth++;
    this.#writeValue(this, value);
    this.depth--;
  }

  finish(): Uint8Array[] {
    return this.#out.finish();
  }

  none(): void {
    this.#out.byte(op.NONE);
  }

  bool(value: boolean): void {
    this.#out.byte(value ? op.NEWTRUE : op.NEWFALSE);
  }

  float(value: number): void {
    this.#out.byte(op.BINFLOAT);
    this.#out.float64(value);
  }

  int(value: number): void {
    const out = this.#out;
    if (value >= 0 && value < 256) {
      out.byte(op.BININT1);
      out.byte(value);
    } else if (value >= 0 && value < 65_536) {
      out.byte(op.BININT2);
      out.uint16(value);
    } else if (value >= -0x8000_0000 && value < 0x8000_0000) {
      out.byte(op.BININT);
      out.uint32(value >>> 0);
    } else this.bigint(BigInt(value));
  }

  bigint(value: bigint): void {
    if (value >= -0x8000_0000n && value < 0x8000_0000n) {
      this.int(Number(value));
      return;
    }
    const bytes = twosComplement(value);
    if (bytes.length < 256) {
      this.#out.byte(op.LONG1);
      this.#out.byte(bytes.length);
    } else {
      this.#out.byte(op.LONG4);
      this.#out.uint32(bytes.length);
    }
    this.#out.raw(bytes);
  }

  string(text: string): void {
    if (this.#recallText(text)) return;
    // lone surrogates have no UTF-8; TextEncoder writes U+FFFD for them
    const bytes = encoder.encode(text);
    if (bytes.length < 256) {
      this.#out.byte(op.SHORT_BINUNICODE);
      this.#out.byte(bytes.length);
    } else {
      this.#out.byte(op.BINUNICODE);
      this.#out.uint32(bytes.length);
    }
    this.#out.raw(bytes);
    this.#texts.set(text, this.#memoize());
  }

  /** A bytes object made of the given parts. */
  bytes(parts: readonly Uint8Array[]): void {
    this.#out.bytesObject(parts);
  }

  /** The class or function `module.name`. */
  global(module: string, name: string): void {
    const key = `\0${module}\0${name}`;
    if (this.#recallText(key)) return;
    this.string(module);
    this.string(name);
    this.#out.byte(op.STACK_GLOBAL);
    this.#texts.set(key, this.#memoize());
  }

  tuple(items: readonly unknown[]): void {
    if (items.length > 3) this.#out.byte(op.MARK);
    for (const item of items) this.value(item);
    this.#endTuple(items.length);
  }

  #endTuple(length: number): void {
    this.#out.byte(
      length > 3
        ? op.TUPLE
        : length === 3
          ? op.TUPLE3
          : length === 2
            ? op.TUPLE2
            : length === 1
              ? op.TUPLE1
              : op.EMPTY_TUPLE,
    );
  }

  /** A tuple of things that are no plain values, one function an item. */
  tupleOf(items: readonly (() => void)[]): void {
    if (items.length > 3) this.#out.byte(op.MARK);
    for (const item of items) item();
    this.#endTuple(items.length);
  }

  listOf(items: readonly (() => void)[]): void {
    this.emptyList();
    this.#batch(op.APPEND, op.APPENDS, items, (item) => item());
  }

  /** A dict with string keys, one function a value. */
  dictOf(entries: Readonly<Record<string, () => void>>): void {
    this.emptyDict();
    this.#batch(op.SETITEM, op.SETITEMS, Object.entries(entries), ([key, write]) => {
      this.string(key);
      write();
    });
  }

  emptyList(): void {
    this.#out.byte(op.EMPTY_LIST);
  }

  append(items: readonly unknown[]): void {
    this.#batch(op.APPEND, op.APPENDS, items, (item) => this.value(item));
  }

  emptyDict(): void {
    this.#out.byte(op.EMPTY_DICT);
  }

  /** @param size how many there are */
  setItems(entries: Iterable<readonly [unknown, unknown]>, size: number): void {
    if (size === 0) return;
    if (size > 1) this.#out.byte(op.MARK);
    const item = (value: unknown, key: unknown) => {
      this.value(key);
      this.value(value);
    };
    // makes no pair for each entry
    if (entries instanceof Map) entries.forEach(item);
    else for (const [key, value] of entries) item(value, key);
    this.#out.byte(size > 1 ? op.SETITEMS : op.SETITEM);
  }

  emptySet(): void {
    this.#out.byte(op.EMPTY_SET);
  }

  addItems(items: Iterable<unknown>): void {
    this.#out.byte(op.MARK);
    for (const item of items) this.value(item);
    this.#out.byte(op.ADDITEMS);
  }

  /** `module.name(*args)` */
  call(module: string, name: string, args: readonly unknown[]): void {
    this.global(module, name);
    this.tuple(args);
    this.reduce();
  }

  /** Calls the function below the argument tuple on the stack. */
  reduce(): void {
    this.#out.byte(op.REDUCE);
  }

  /** `cls.__new__(cls)` */
  newInstance(module: string, name: string): void {
    this.global(module, name);
    this.#out.byte(op.EMPTY_TUPLE);
    this.#out.byte(op.NEWOBJ);
  }

  /** Gives the object on top of the stack its state. */
  build(state: unknown): void {
    this.value(state);
    this.applyState();
  }

  applyState(): void {
    this.#out.byte(op.BUILD);
  }

  /** Writes a reference when `value` was written before. */
  recall(value: object): boolean {
    const known = this.#objects.get(value);
    if (known !== undefined) this.#get(known);
    return known !== undefined;
  }

  /** The object on top of the stack is `value`: later occurrences refer to it. */
  remember(value: object): void {
    this.#objects.set(value, this.#memoize());
  }

  /** What `write` writes knows no object from outside, and what it remembers is forgotten then. */
  apart(write: () => void): void {
    const outside = this.#objects;
    this.#objects = new Map();
    write();
    this.#objects = outside;
  }

  /** What `write` emits, once; later calls with the same key refer to it. */
  once(key: string, write: () => void): void {
    if (this.#recallText(`\0\0${key}`)) return;
    write();
    this.#texts.set(`\0\0${key}`, this.#memoize());
  }

  #recallText(key: string): boolean {
    const known = this.#texts.get(key);
    if (known !== undefined) this.#get(known);
    return known !== undefined;
  }

  #batch<T>(single: number, many: number, items: readonly T[], write: (item: T) => void): void {
    if (items.length === 0) return;
    if (items.length > 1) this.#out.byte(op.MARK);
    for (const item of items) write(item);
    this.#out.byte(items.length > 1 ? many : single);
  }

  #memoize(): number {
    this.#out.byte(op.MEMOIZE);
    return this.#memoized++;
  }

  #get(index: number): void {
    if (index < 256) {
      this.#out.byte(op.BINGET);
      this.#out.byte(index);
    } else {
      this.#out.byte(op.LONG_BINGET);
      this.#out.uint32(index);
    }
  }
}

/** Shortest little-endian two's complement, as Python's LONG opcodes hold ints. */
function twosComplement(value: bigint): Uint8Array {
  const magnitude = (value < 0n ? ~value : value).toString(16);
  const length =
    Math.floor((magnitude.length * 4 - Math.clz32(Number.parseInt(magnitude[0]!, 16)) + 28) / 8) + 1;
  const hex = BigInt.asUintN(length * 8, value)
    .toString(16)
    .padStart(length * 2, '0');
  return Uint8Array.from(Buffer.from(hex, 'hex').reverse());
}
