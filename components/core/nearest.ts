import { type KeyPath, UserError } from './errors.ts';

/** Number of single-character insertions, deletions, replacements and swaps of neighbours between two words. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(replace, previous[j]! + 1, current[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, before[j - 2]! + 1);
      current.push(best);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length]!;
}

/** The known name nearest to `given`, or undefined when none is near enough to be meant. Case counts little. */
export function nearest(given: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  const word = given.slice(0, 100);
  for (const name of known) {
    const distance = editDistance(word.toLowerCase(), name.toLowerCase()) + (word === name ? 0 : 0.1);
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  const limit = Math.max(2.2, 0.4 * Math.max(word.length, best?.length ?? 0));
  return bestDistance <= limit ? best : undefined;
}

/** `unknown operator "Meen"`, with the nearest known name and the list of all (cut at `limit`). */
export function unknownName(
  kind: string,
  given: string,
  known: readonly string[],
  path: KeyPath = [],
  limit = 40,
): UserError {
  const near = nearest(given, known);
  const sorted = [...known].sort();
  const shown =
    sorted.length > limit
      ? `${sorted.slice(0, limit).join(', ')}, ... (${sorted.length} in all)`
      : sorted.join(', ');
  return new UserError(`unknown ${kind} "${given.slice(0, 200)}"`, {
    hint: `${near ? `did you mean "${near}"? ` : ''}allowed: ${shown}`,
    path,
  });
}
