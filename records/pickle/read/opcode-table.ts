import { PyTuple } from '../../../components/core/python.ts';
import { op } from '../opcodes.ts';
import { addItem, setItem } from './dict.ts';
import type { Machine } from './machine.ts';
import { expectString, kindOf, Malformed, printable } from './malformed.ts';
import { decimalFloat, decimalInt, littleEndianInt, quotedText, rawUnicode } from './operands.ts';

type Run = (m: Machine) => void;

/** What each opcode does. STOP, FRAME and PROTO are the loop's. */
export const opcodeTable: readonly (Run | undefined)[] = fill([
  [op.MARK, (m) => m.mark()],
  [op.POP, (m) => m.drop()],
  [op.POP_MARK, (m) => void m.popMark()],
  [op.DUP, (m) => m.push(m.top())],
  [op.NONE, (m) => m.push(null)],
  [op.NEWTRUE, (m) => m.push(true)],
  [op.NEWFALSE, (m) => m.push(false)],
  [op.INT, (m) => pushDecimal(m, true)],
  [op.BININT, (m) => m.push(m.cursor.int32())],
  [op.BININT1, (m) => m.push(m.cursor.byte())],
  [op.BININT2, (m) => m.push(m.cursor.uint16())],
  [op.LONG, (m) => pushDecimal(m, false)],
  [op.LONG1, (m) => pushLong(m, m.cursor.byte())],
  [op.LONG4, (m) => pushLong(m, length32(m))],
  [op.FLOAT, (m) => m.push(decimalFloat(m.cursor.line()))],
  [op.BINFLOAT, (m) => m.push(m.cursor.float64())],
  [op.STRING, (m) => pushText(m, quotedText(m.cursor.line()))],
  [op.BINSTRING, (m) => pushText(m, latin1(m.cursor.take(length32(m))))],
  [op.SHORT_BINSTRING, (m) => pushText(m, latin1(m.cursor.take(m.cursor.byte())))],
  [op.UNICODE, (m) => pushText(m, rawUnicode(m.cursor.line()))],
  [op.BINUNICODE, (m) => pushText(m, m.cursor.text(m.cursor.uint32()))],
  [op.SHORT_BINUNICODE, (m) => pushText(m, m.cursor.text(m.cursor.byte()))],
  [op.BINUNICODE8, (m) => pushText(m, m.cursor.text(m.cursor.uint64()))],
  [op.BINBYTES, (m) => pushBytes(m, m.cursor.uint32())],
  [op.SHORT_BINBYTES, (m) => pushBytes(m, m.cursor.byte())],
  [op.BINBYTES8, (m) => pushBytes(m, m.cursor.uint64())],
  [op.BYTEARRAY8, (m) => pushBytes(m, m.cursor.uint64())],
  [op.EMPTY_LIST, (m) => pushNew(m, [])],
  [op.LIST, (m) => pushNew(m, m.popMark())],
  [op.APPEND, (m) => append(m, [m.pop()])],
  [op.APPENDS, (m) => append(m, m.popMark())],
  [op.EMPTY_TUPLE, (m) => pushNew(m, new PyTuple([]))],
  [op.TUPLE, (m) => pushNew(m, new PyTuple(m.popMark()))],
  [op.TUPLE1, (m) => pushNew(m, new PyTuple(popMany(m, 1)))],
  [op.TUPLE2, (m) => pushNew(m, new PyTuple(popMany(m, 2)))],
  [op.TUPLE3, (m) => pushNew(m, new PyTuple(popMany(m, 3)))],
  [op.EMPTY_DICT, (m) => pushNew(m, new Map())],
  [
    op.DICT,
    (m) => {
      const items = m.popMark();
      pushNew(m, new Map());
      setItems(m, items);
    },
  ],
  [op.SETITEM, (m) => setItems(m, popMany(m, 2))],
  [op.SETITEMS, (m) => setItems(m, m.popMark())],
  [op.EMPTY_SET, (m) => pushNew(m, new Set())],
  [
    op.ADDITEMS,
    (m) => {
      const items = m.popMark();
      addItems(m, m.top(), items);
    },
  ],
  [
    op.FROZENSET,
    (m) => {
      const items = m.popMark();
      const set = new Set();
      addItems(m, set, items);
      pushNew(m, set);
    },
  ],
  [op.PUT, (m) => m.put(index(m), m.top())],
  [op.BINPUT, (m) => m.put(m.cursor.byte(), m.top())],
  [op.LONG_BINPUT, (m) => m.put(m.cursor.uint32(), m.top())],
  [op.MEMOIZE, (m) => m.memoize(m.top())],
  [op.GET, (m) => m.push(m.get(index(m)))],
  [op.BINGET, (m) => m.push(m.get(m.cursor.byte()))],
  [op.LONG_BINGET, (m) => m.push(m.get(m.cursor.uint32()))],
  [op.GLOBAL, (m) => m.push(m.global(m.cursor.line('utf8'), m.cursor.line('utf8')))],
  [
    op.STACK_GLOBAL,
    (m) => {
      const name = expectString(m.pop(), 'the name of a global');
      m.push(m.global(expectString(m.pop(), 'the module of a global'), name));
    },
  ],
  [
    op.REDUCE,
    (m) => {
      const args = tupleItems(m.pop());
      m.push(m.call(m.pop(), args));
    },
  ],
  [
    op.NEWOBJ,
    (m) => {
      const args = tupleItems(m.pop());
      m.push(m.create(m.pop(), args));
    },
  ],
  [
    op.NEWOBJ_EX,
    (m) => {
      const keywords = m.pop();
      const args = tupleItems(m.pop());
      if (!(keywords instanceof Map) || keywords.size > 0)
        throw new Malformed('keyword arguments are not read');
      m.push(m.create(m.pop(), args));
    },
  ],
  [
    op.BUILD,
    (m) => {
      const state = m.pop();
      m.build(m.top(), state);
    },
  ],
  [
    op.INST,
    (m) => {
      const callable = m.global(m.cursor.line('utf8'), m.cursor.line('utf8'));
      m.push(m.create(callable, m.popMark()));
    },
  ],
  [
    op.OBJ,
    (m) => {
      const [callable, ...args] = m.popMark();
      m.push(m.create(callable, args));
    },
  ],
  [
    op.PERSID,
    (m) => {
      throw m.refused(`persistent id ${JSON.stringify(printable(m.cursor.line()))}`);
    },
  ],
  [
    op.BINPERSID,
    (m) => {
      throw m.refused('a persistent id');
    },
  ],
  [
    op.EXT1,
    (m) => {
      throw m.refused(`code ${m.cursor.byte()} of the extension registry`);
    },
  ],
  [
    op.EXT2,
    (m) => {
      throw m.refused(`code ${m.cursor.uint16()} of the extension registry`);
    },
  ],
  [
    op.EXT4,
    (m) => {
      throw m.refused(`code ${m.cursor.int32()} of the extension registry`);
    },
  ],
  [
    op.NEXT_BUFFER,
    () => {
      throw new Malformed('the data lie in a buffer outside of this file');
    },
  ],
  [op.READONLY_BUFFER, () => {}],
]);

function fill(entries: readonly (readonly [number, Run])[]): (Run | undefined)[] {
  const table = new Array<Run | undefined>(256).fill(undefined);
  for (const [code, run] of entries) table[code] = run;
  return table;
}

/** Rough memory of an empty container; Map and Set reserve room for entries. */
function pushNew(m: Machine, value: unknown): void {
  m.charge(value instanceof Map || value instanceof Set ? 256 : 64);
  m.push(value);
}

function pushText(m: Machine, text: string): void {
  m.charge(24 + text.length);
  m.push(text);
}

/** A view of the file; the view itself takes more room than short bytes. */
function pushBytes(m: Machine, length: number): void {
  m.charge(192);
  m.push(m.cursor.take(length));
}

/** Making a bigint costs time as well as room. */
function pushLong(m: Machine, length: number): void {
  const bytes = m.cursor.take(length);
  m.charge(length > 6 ? 256 + length : 0);
  m.push(littleEndianInt(bytes));
}

function pushDecimal(m: Machine, booleans: boolean): void {
  const line = m.cursor.line();
  m.charge(64 + line.length);
  m.push(decimalInt(line, booleans));
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** LONG4 and BINSTRING have signed lengths. */
function length32(m: Machine): number {
  const length = m.cursor.int32();
  if (length < 0) throw new Malformed(`a length of ${length}`);
  return length;
}

function index(m: Machine): number {
  const text = m.cursor.line();
  if (!/^\d{1,10}$/.test(text)) throw new Malformed(`"${printable(text)}" is no place in the memo`);
  return Number(text);
}

function popMany(m: Machine, count: number): unknown[] {
  const items = new Array<unknown>(count);
  for (let k = count - 1; k >= 0; k--) items[k] = m.pop();
  return items;
}

function tupleItems(value: unknown): readonly unknown[] {
  if (value instanceof PyTuple) return value.items;
  throw new Malformed(`arguments are ${kindOf(value)}, not a tuple`);
}

function append(m: Machine, items: readonly unknown[]): void {
  const list = m.top();
  if (!Array.isArray(list)) throw new Malformed(`can't append to ${kindOf(list)}`);
  m.charge(8 * items.length);
  for (const item of items) list.push(item);
}

function setItems(m: Machine, items: readonly unknown[]): void {
  const dict = m.top();
  if (!(dict instanceof Map)) throw new Malformed(`can't set items of ${kindOf(dict)}`);
  if (items.length % 2 !== 0) throw new Malformed('a key without a value');
  m.charge(32 * items.length);
  for (let i = 0; i < items.length; i += 2) setItem(dict, items[i], items[i + 1], m);
}

function addItems(m: Machine, set: unknown, items: readonly unknown[]): void {
  if (!(set instanceof Set)) throw new Malformed(`can't add to ${kindOf(set)}`);
  m.charge(64 * items.length);
  for (const item of items) addItem(set, item, m);
}
