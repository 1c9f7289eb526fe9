import { type Hash, hashOfText } from '../core/python-hash.ts';
import { PythonSet } from '../core/python-set.ts';

/** Instruments in the order in which Python lists them: those that an account began with and still holds, and those bought since. */
export type Listing = (first: readonly string[], later: readonly string[]) => string[];

/** Keys of qlib's position beside its instruments; `cash_delay` is there for some steps only. */
const ownKeys = ['cash', 'now_account_value'];
const keysTakenAway = 3;

/**
 * The order of qlib's `Position.get_stock_list` (backtest/position.py), the difference of two sets, in a Python of 64 bits (3.11 or newer) whose hashes are not
 * salted (PYTHONHASHSEED=0). What is sold first depends on it, and which of those that have no score. Hashes are kept in the function returned.
 */
export function pythonListing(): Listing {
  const hashes = new Map<string, Hash>();
  const hashOf = (name: string): Hash => {
    let hash = hashes.get(name);
    if (!hash) hashes.set(name, (hash = hashOfText(name)));
    return hash;
  };
  return (first, later) => {
    const all = new PythonSet();
    for (const keys of [first, ownKeys, later]) for (const key of keys) all.add(key, hashOf(key));
    return all.without(ownKeys, keysTakenAway);
  };
}
