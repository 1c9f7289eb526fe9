/**
 * A priority queue that gives equal items in the order of libc++'s `std::priority_queue`, which CatBoost is built with: pushes sift up; a pop moves
 * the hole down to a leaf, puts the last item there and sifts it up.
 */
export class Heap<T> {
  readonly items: T[] = [];
  readonly #less: (a: T, b: T) => boolean;

  constructor(less: (a: T, b: T) => boolean) {
    this.#less = less;
  }

  push(item: T): void {
    this.items.push(item);
    this.#siftUp(this.items.length - 1);
  }

  /** Removes and returns the greatest item. */
  pop(): T | undefined {
    const { items } = this;
    const top = items[0];
    const size = items.length;
    let hole = 0;
    for (let child = 1; child < size; child = 2 * hole + 1) {
      if (child + 1 < size && this.#less(items[child]!, items[child + 1]!)) child++;
      items[hole] = items[child]!;
      hole = child;
    }
    const last = items.pop();
    if (hole < items.length && last !== undefined) {
      items[hole] = last;
      this.#siftUp(hole);
    }
    return top;
  }

  #siftUp(from: number): void {
    const { items } = this;
    const item = items[from]!;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#less(items[parent]!, item)) break;
      items[at] = items[parent]!;
      at = parent;
    }
    items[at] = item;
  }
}
