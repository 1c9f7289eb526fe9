const mask64 = (1n << 64n) - 1n;
const linearProbes = 9;

/**
 * The order in which CPython iterates `set(items)` of strings where PYTHONHASHSEED is 0 (CPython 3.11 to 3.13: SipHash-1-3 with a zero key, open
 * addressing with runs of ten places; Objects/setobject.c, Python/pyhash.c). Strings must be ASCII; repeated ones count once.
 */
export function pythonSetOrder(items: readonly string[]): string[] {
  let table: (Entry | undefined)[] = new Array(8);
  let used = 0;
  for (const key of new Set(items)) {
    place(table, { key, hash: hashOf(key) });
    used++;
    if (used * 5 < (table.length - 1) * 3) continue;
    const wanted = used > 50_000 ? used * 2 : used * 4;
    let size = 8;
    while (size <= wanted) size *= 2;
    const old = table;
    table = new Array(size);
    for (const entry of old) if (entry) place(table, entry);
  }
  return table.flatMap((entry) => (entry ? [entry.key] : []));
}

interface Entry {
  readonly key: string;
  readonly hash: bigint;
}

function place(table: (Entry | undefined)[], entry: Entry): void {
  const mask = table.length - 1;
  let perturb = entry.hash;
  let at = Number(entry.hash & BigInt(mask));
  for (;;) {
    const last = at + linearProbes <= mask ? at + linearProbes : at;
    for (let i = at; i <= last; i++)
      if (!table[i]) {
        table[i] = entry;
        return;
      }
    perturb >>= 5n;
    at = Number((BigInt(at) * 5n + 1n + perturb) & BigInt(mask));
  }
}

/** SipHash-1-3 of the characters as bytes, key 0, as an unsigned number; -1 is taken as -2. */
function hashOf(text: string): bigint {
  if (text === '') return 0n;
  const bytes = Buffer.from(text, 'latin1');
  const v: [bigint, bigint, bigint, bigint] = [
    0x736f6d6570736575n,
    0x646f72616e646f6dn,
    0x6c7967656e657261n,
    0x7465646279746573n,
  ];
  const add = (word: bigint) => {
    v[3] ^= word;
    round(v);
    v[0] ^= word;
  };
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) add(bytes.readBigUInt64LE(at));
  let rest = BigInt(bytes.length & 255) << 56n;
  for (let i = at; i < bytes.length; i++) rest |= BigInt(bytes[i]!) << BigInt(8 * (i - at));
  add(rest);
  v[2] ^= 0xffn;
  for (let k = 0; k < 3; k++) round(v);
  const hash = v[0] ^ v[1] ^ v[2] ^ v[3];
  return hash === mask64 ? mask64 - 1n : hash;
}

function round(v: [bigint, bigint, bigint, bigint]): void {
  half(v, 0, 1, 2, 3, 13n, 16n);
  half(v, 2, 1, 0, 3, 17n, 21n);
}

function half(v: bigint[], a: number, b: number, c: number, d: number, s: bigint, t: bigint): void {
  v[a] = (v[a]! + v[b]!) & mask64;
  v[c] = (v[c]! + v[d]!) & mask64;
  v[b] = rotate(v[b]!, s) ^ v[a]!;
  v[d] = rotate(v[d]!, t) ^ v[c]!;
  v[a] = rotate(v[a]!, 32n);
}

function rotate(x: bigint, by: bigint): bigint {
  return ((x << by) | (x >> (64n - by))) & mask64;
}
