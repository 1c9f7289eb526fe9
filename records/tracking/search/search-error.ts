import { invalid, type TrackingError } from '../errors.ts';

/** A mistake in a search text, shown with the text and a mark below the character. */
export function searchError(
  what: string,
  text: string,
  at: number,
  problem: string,
  hint?: string,
): TrackingError {
  const from = Math.max(0, at - 60);
  const line = text.slice(from, at + 60).replace(/\s/g, ' ');
  const mark = `${line}\n  ${' '.repeat(at - from)}^`;
  return invalid(`${what}, character ${at + 1}: ${problem}`, hint ? `${mark} ${hint}` : mark);
}
