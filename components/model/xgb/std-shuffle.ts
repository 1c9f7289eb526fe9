import type { Mt19937 } from '../../core/mt19937.ts';

/**
 * Shuffles as `std::shuffle` of GNU's C++ library does with std::mt19937: from the front, two swaps a draw. Needs fewer than 65,536 items; XGBoost's wheels for
 * Linux are built with this library.
 */
export function stdShuffle(items: number[], bits: Mt19937): void {
  const swap = (i: number, j: number) => {
    const item = items[i]!;
    items[i] = items[j]!;
    items[j] = item;
  };
  let i = 1;
  if (items.length % 2 === 0 && items.length > 0) swap(i++, below(2, bits));
  while (i < items.length) {
    const places = i + 1;
    const both = below(places * (places + 1), bits);
    swap(i++, Math.floor(both / (places + 1)));
    swap(i++, both % (places + 1));
  }
}

/** A whole number in [0, limit), limit < 2^32, as `std::uniform_int_distribution` draws it: by division of the generator's range, with rejection. */
function below(limit: number, bits: Mt19937): number {
  const scale = Math.floor(0xffffffff / limit);
  const past = limit * scale;
  let x = bits.next();
  while (x >= past) x = bits.next();
  return Math.floor(x / scale);
}
