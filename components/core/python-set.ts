import { type Hash, hashOfText } from './python-hash.ts';

const minimumSize = 8;
const probesInLine = 9;

/** The order in which Python iterates `set(items)` where PYTHONHASHSEED is 0; repeated ones count once. */
export function pythonSetOrder(items: readonly string[]): string[] {
  const set = new PythonSet();
  for (const item of new Set(items)) set.add(item);
  return set.list();
}

/** A Python set of different strings, as far as its order goes (CPython 3.11 to 3.13, Objects/setobject.c): open addressing with runs of ten places, then jumps. */
export class PythonSet {
  #names: (string | undefined)[] = new Array(minimumSize).fill(undefined);
  #hashes: (Hash | undefined)[] = new Array(minimumSize).fill(undefined);
  #used = 0;

  /** Adds a string that is not in it yet. */
  add(name: string, hash = hashOfText(name)): void {
    this.#place(name, hash);
    this.#used++;
    const mask = this.#names.length - 1;
    if (this.#used * 5 >= mask * 3) this.#resize(this.#used > 50_000 ? this.#used * 2 : this.#used * 4);
  }

  /** Its strings as iteration gives them. */
  list(): string[] {
    return this.#names.filter((name) => name !== undefined);
  }

  /** What is left when a set of `size` keys is taken away, of which this one has `names`: a copy less them, or a new set of the others. */
  without(names: readonly string[], size: number): string[] {
    const gone = new Set(names);
    const left = this.#used >> 2 > size ? this.#copy() : new PythonSet();
    if (left.#used === 0)
      this.#names.forEach((name, i) => {
        if (name !== undefined && !gone.has(name)) left.add(name, this.#hashes[i]!);
      });
    return left.list().filter((name) => !gone.has(name));
  }

  #copy(): PythonSet {
    const copy = new PythonSet();
    const size = this.#used * 5 >= (minimumSize - 1) * 3 ? sizeAbove(this.#used * 2) : minimumSize;
    copy.#clear(size);
    copy.#used = this.#used;
    if (size === this.#names.length) {
      copy.#names = [...this.#names];
      copy.#hashes = [...this.#hashes];
    } else
      this.#names.forEach((name, i) => {
        if (name !== undefined) copy.#place(name, this.#hashes[i]!);
      });
    return copy;
  }

  #resize(least: number): void {
    const [names, hashes] = [this.#names, this.#hashes];
    this.#clear(sizeAbove(least));
    names.forEach((name, i) => {
      if (name !== undefined) this.#place(name, hashes[i]!);
    });
  }

  #clear(size: number): void {
    this.#names = new Array(size).fill(undefined);
    this.#hashes = new Array(size).fill(undefined);
  }

  #place(name: string, hash: Hash): void {
    const mask = this.#names.length - 1;
    let { high, low } = hash;
    let at = low & mask;
    for (;;) {
      const last = at + probesInLine <= mask ? at + probesInLine : at;
      for (let i = at; i <= last; i++)
        if (this.#names[i] === undefined) {
          this.#names[i] = name;
          this.#hashes[i] = hash;
          return;
        }
      low = (low >>> 5) | (high << 27);
      high >>>= 5;
      at = (Math.imul(at, 5) + 1 + low) & mask;
    }
  }
}

function sizeAbove(least: number): number {
  let size = minimumSize;
  while (size <= least) size *= 2;
  return size;
}
